import * as v from "valibot";
import { decimal } from "../columns/decimal.ts";
import { identifier } from "../columns/identifier.ts";
import { nullable, optional } from "../columns/maybe.ts";
import { oneOf } from "../columns/one-of.ts";
import { text } from "../columns/text.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

export const orders = table({
  name: "orders",
  version: 1,
  description: "Orders with their moments from purchase to delivery.",
  schema: v.strictObject({
    order_id: identifier(),
    customer_id: identifier(),
    status: oneOf([
      "created",
      "approved",
      "invoiced",
      "processing",
      "shipped",
      "delivered",
      "unavailable",
      "canceled",
    ]),
    purchased_at: timestamp(),
    approved_at: nullable(timestamp()),
    carrier_at: nullable(timestamp()),
    delivered_at: nullable(timestamp()),
    estimated_delivery_at: timestamp(),
    total_amount: optional(decimal(12, 2, 0)),
    notes: optional(text(20_000)),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["order_id"],
  latestBy: "updated_at",
  references: [{ columns: ["customer_id"], table: "customers", to: ["customer_id"] }],
  rules: [
    {
      name: "approved_not_before_purchase",
      description: "An order is approved once it was placed.",
      holds: { left: "approved_at", operator: ">=", right: "purchased_at" },
    },
    {
      name: "carrier_not_before_purchase",
      description: "The carrier gets a parcel once it was ordered.",
      holds: { left: "carrier_at", operator: ">=", right: "purchased_at" },
    },
    {
      name: "carrier_not_before_approval",
      description: "The carrier gets a parcel once its payment was approved.",
      holds: { left: "carrier_at", operator: ">=", right: "approved_at" },
    },
    {
      name: "delivered_not_before_carrier",
      description: "A parcel is delivered once the carrier has it.",
      holds: { left: "delivered_at", operator: ">=", right: "carrier_at" },
    },
  ],
  sources: {
    olist: {
      files: ["orders", "olist_orders_dataset"],
      columns: {
        order_id: "order_id",
        customer_id: "customer_id",
        order_status: "status",
        order_purchase_timestamp: "purchased_at",
        order_approved_at: "approved_at",
        order_delivered_carrier_date: "carrier_at",
        order_delivered_customer_date: "delivered_at",
        order_estimated_delivery_date: "estimated_delivery_at",
      },
    },
  },
});
