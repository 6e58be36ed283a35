import * as v from "valibot";
import { email } from "../columns/email.ts";
import { identifier } from "../columns/identifier.ts";
import { optional } from "../columns/maybe.ts";
import { phone } from "../columns/phone.ts";
import { ssn } from "../columns/ssn.ts";
import { text } from "../columns/text.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";
import { city, state, zipCodePrefix } from "./place.ts";

export const customers = table({
  name: "customers",
  version: 1,
  description: "Accounts that place orders. One person can have several.",
  schema: v.strictObject({
    customer_id: identifier(),
    person_id: v.pipe(identifier(), v.description("the person behind one or more customer accounts")),
    name: optional(text(200)),
    email: optional(email()),
    phone: optional(phone()),
    ssn: optional(ssn()),
    zip_code_prefix: zipCodePrefix(),
    city: city(),
    state: state(),
    notes: optional(text(20_000)),
    created_at: optional(timestamp()),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["customer_id"],
  latestBy: "updated_at",
  sensitive: { email: "email", phone: "phone", ssn: "ssn" },
  sources: {
    olist: {
      files: ["customers", "olist_customers_dataset"],
      columns: {
        customer_id: "customer_id",
        customer_unique_id: "person_id",
        customer_zip_code_prefix: "zip_code_prefix",
        customer_city: "city",
        customer_state: "state",
      },
    },
  },
});
