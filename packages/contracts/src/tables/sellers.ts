import * as v from "valibot";
import { email } from "../columns/email.ts";
import { identifier } from "../columns/identifier.ts";
import { optional } from "../columns/maybe.ts";
import { phone } from "../columns/phone.ts";
import { text } from "../columns/text.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";
import { city, state, zipCodePrefix } from "./place.ts";

export const sellers = table({
  name: "sellers",
  version: 1,
  description: "Shops that sell on the marketplace.",
  schema: v.strictObject({
    seller_id: identifier(),
    name: optional(text(200)),
    email: optional(email()),
    phone: optional(phone()),
    zip_code_prefix: zipCodePrefix(),
    city: city(),
    state: state(),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["seller_id"],
  latestBy: "updated_at",
  sensitive: { email: "email", phone: "phone" },
  sources: {
    olist: {
      files: ["sellers", "olist_sellers_dataset"],
      columns: {
        seller_id: "seller_id",
        seller_zip_code_prefix: "zip_code_prefix",
        seller_city: "city",
        seller_state: "state",
      },
    },
  },
});
