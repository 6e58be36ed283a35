import * as v from "valibot";
import { flag } from "../columns/flag.ts";
import { identifier } from "../columns/identifier.ts";
import { integer } from "../columns/integer.ts";
import { nullable, optional } from "../columns/maybe.ts";
import { money } from "../columns/money.ts";
import { text } from "../columns/text.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

const count = () => optional(integer(0, 1_000_000));
/** Grams or centimetres; real catalogues hold parcels of 0 g. */
const measure = () => optional(integer(0, 10_000_000));

export const products = table({
  name: "products",
  version: 1,
  description: "The catalogue. A product without unit_cost has no known margin.",
  schema: v.strictObject({
    product_id: identifier(),
    category: nullable(text(100, 1)),
    name: optional(text(500)),
    description: optional(text(20_000)),
    brand: optional(text(200)),
    price: optional(money()),
    unit_cost: optional(money()),
    is_active: optional(flag()),
    name_length: count(),
    description_length: count(),
    photos_count: count(),
    weight_g: measure(),
    length_cm: measure(),
    height_cm: measure(),
    width_cm: measure(),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["product_id"],
  latestBy: "updated_at",
  sources: {
    olist: {
      files: ["products", "olist_products_dataset"],
      // "lenght" is the publisher's.
      columns: {
        product_id: "product_id",
        product_category_name: "category",
        product_name_lenght: "name_length",
        product_description_lenght: "description_length",
        product_photos_qty: "photos_count",
        product_weight_g: "weight_g",
        product_length_cm: "length_cm",
        product_height_cm: "height_cm",
        product_width_cm: "width_cm",
      },
    },
  },
});
