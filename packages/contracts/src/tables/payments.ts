import * as v from "valibot";
import { cvv } from "../columns/cvv.ts";
import { identifier } from "../columns/identifier.ts";
import { integer } from "../columns/integer.ts";
import { optional } from "../columns/maybe.ts";
import { money } from "../columns/money.ts";
import { oneOf } from "../columns/one-of.ts";
import { pan } from "../columns/pan.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

export const payments = table({
  name: "payments",
  version: 1,
  description: "Payments of orders; an order can be paid in several.",
  schema: v.strictObject({
    order_id: identifier(),
    payment_sequential: v.pipe(integer(1, 1_000_000), v.description("1..n within the order")),
    payment_type: oneOf(["credit_card", "debit_card", "boleto", "voucher", "not_defined"]),
    installments: integer(0, 1_000),
    value: money(),
    card_number: optional(pan()),
    cvv: optional(cvv()),
    updated_at: optional(timestamp()),
  }),
  primaryKey: ["order_id", "payment_sequential"],
  latestBy: "updated_at",
  references: [{ columns: ["order_id"], table: "orders", to: ["order_id"] }],
  sensitive: { card_number: "pan", cvv: "cvv" },
  sources: {
    olist: {
      files: ["order_payments", "olist_order_payments_dataset"],
      columns: {
        order_id: "order_id",
        payment_sequential: "payment_sequential",
        payment_type: "payment_type",
        payment_installments: "installments",
        payment_value: "value",
      },
    },
  },
});
