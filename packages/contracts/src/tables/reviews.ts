import * as v from "valibot";
import { identifier } from "../columns/identifier.ts";
import { integer } from "../columns/integer.ts";
import { optional } from "../columns/maybe.ts";
import { text } from "../columns/text.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

export const reviews = table({
  name: "reviews",
  version: 1,
  description: "What customers said about their orders.",
  schema: v.strictObject({
    review_id: identifier(),
    order_id: identifier(),
    score: v.pipe(integer(1, 5), v.description("stars")),
    title: optional(text(500)),
    message: optional(text(20_000)),
    created_at: v.pipe(timestamp(), v.description("when the customer was asked")),
    answered_at: timestamp(),
  }),
  primaryKey: ["review_id"],
  latestBy: "answered_at",
  references: [{ columns: ["order_id"], table: "orders", to: ["order_id"] }],
  rules: [
    {
      name: "answered_not_before_created",
      description: "A customer answers once asked.",
      holds: { left: "answered_at", operator: ">=", right: "created_at" },
    },
  ],
  sources: {
    olist: {
      files: ["order_reviews", "olist_order_reviews_dataset"],
      columns: {
        review_id: "review_id",
        order_id: "order_id",
        review_score: "score",
        review_comment_title: "title",
        review_comment_message: "message",
        review_creation_date: "created_at",
        review_answer_timestamp: "answered_at",
      },
    },
  },
});
