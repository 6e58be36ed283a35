import * as v from "valibot";
import { identifier } from "../columns/identifier.ts";
import { integer } from "../columns/integer.ts";
import { optional } from "../columns/maybe.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

export const inventory = table({
  name: "inventory",
  version: 1,
  description: "Pieces of a product in a warehouse; never fewer than none.",
  schema: v.strictObject({
    product_id: identifier(),
    warehouse_id: identifier(),
    quantity: integer(0, 1_000_000_000),
    reorder_level: optional(integer(0, 1_000_000_000)),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["product_id", "warehouse_id"],
  latestBy: "updated_at",
  references: [{ columns: ["product_id"], table: "products", to: ["product_id"] }],
});
