import * as v from "valibot";
import { identifier } from "../columns/identifier.ts";
import { integer } from "../columns/integer.ts";
import { optional } from "../columns/maybe.ts";
import { money } from "../columns/money.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

export const orderItems = table({
  name: "order_items",
  version: 1,
  description: "Lines of orders. Without a quantity, a line is one piece.",
  schema: v.strictObject({
    order_id: identifier(),
    order_item_id: v.pipe(integer(1, 1_000_000), v.description("1..n within the order")),
    product_id: identifier(),
    seller_id: identifier(),
    shipping_limit_at: timestamp(),
    price: v.pipe(money(), v.description("of one piece")),
    freight_value: v.pipe(money(), v.description("of the whole line")),
    quantity: optional(integer(1, 1_000_000)),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["order_id", "order_item_id"],
  latestBy: "updated_at",
  references: [
    { columns: ["order_id"], table: "orders", to: ["order_id"] },
    { columns: ["product_id"], table: "products", to: ["product_id"] },
    { columns: ["seller_id"], table: "sellers", to: ["seller_id"] },
  ],
  sources: {
    olist: {
      files: ["order_items", "olist_order_items_dataset"],
      columns: {
        order_id: "order_id",
        order_item_id: "order_item_id",
        product_id: "product_id",
        seller_id: "seller_id",
        shipping_limit_date: "shipping_limit_at",
        price: "price",
        freight_value: "freight_value",
      },
    },
  },
});
