import * as v from "valibot";
import { decimal } from "../columns/decimal.ts";
import { flag } from "../columns/flag.ts";
import { identifier } from "../columns/identifier.ts";
import { integer } from "../columns/integer.ts";
import { optional } from "../columns/maybe.ts";
import { oneOf } from "../columns/one-of.ts";
import { text } from "../columns/text.ts";
import { timestamp } from "../columns/timestamp.ts";
import { table } from "../table.ts";

/** What a person can do with a product, as far as features tell it apart. */
export const interactionTypes = ["view", "add_to_cart", "purchase"] as const;
/** With what it was done; null where nobody knows. */
export const deviceTypes = ["mobile", "desktop", "tablet"] as const;

/** What a person did with a product. Raw it is one line of JSON; its partition is the day of its `timestamp`, in UTC. */
export const interactions = table({
  name: "interactions",
  version: 1,
  description: "What people did with products, one event each.",
  schema: v.strictObject({
    interaction_id: identifier(),
    user_id: identifier(),
    product_id: identifier(),
    interaction_type: oneOf(interactionTypes),
    timestamp: v.pipe(timestamp(), v.description("the moment of the event, UTC")),
    session_id: identifier(),
    rating: optional(v.pipe(v.number(), v.minValue(1), v.maxValue(5), v.description("stars"))),
    device_type: optional(oneOf(deviceTypes)),
    page_context: optional(text(200)),
  }),
  primaryKey: ["interaction_id"],
  latestBy: "timestamp",
  references: [
    { columns: ["user_id"], table: "users", to: ["user_id"] },
    { columns: ["product_id"], table: "products", to: ["product_id"] },
  ],
});

/**
 * The form of an event's moment in JSON, shared by RE2 and JavaScript: ISO 8601 with `Z`, with an offset of up to 14 hours,
 * or without either, which is UTC too; up to microseconds. Whether the day is one of the calendar is checked after it.
 */
export const EVENT_TIME_FORM =
  "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?";

const eventTime = v.pipe(
  v.string("Give the moment as ISO 8601 text."),
  v.regex(new RegExp(`^${EVENT_TIME_FORM}$`), "Give the moment as ISO 8601, such as 2026-11-20T14:30:00Z."),
  v.check(isMoment, "Give a day of the calendar between 1970 and 2099."),
  v.description("The moment of the event, ISO 8601, such as 2026-11-20T14:30:00Z"),
);

function isMoment(written: string): boolean {
  const [day = ""] = written.split("T");
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return false;
  const year = new Date(/Z$|[+-]\d\d:\d\d$/.test(written) ? written : `${written}Z`).getUTCFullYear();
  return year >= 1970 && year <= 2099;
}

/** One interaction as whoever sends it writes it: the contract's columns, its moment with `Z` or an offset. */
export const InteractionEvent = v.strictObject({ ...interactions.schema.entries, timestamp: eventTime });
export type InteractionEvent = v.InferOutput<typeof InteractionEvent>;

/** A product of the catalogue on a day. Columns that a shop does not know are null. */
export const catalogueProducts = table({
  name: "products",
  version: 1,
  description: "The catalogue on a day, whole: one row a product.",
  schema: v.strictObject({
    product_id: identifier(),
    name: optional(text(500)),
    category: optional(text(200)),
    subcategory: optional(text(200)),
    brand: optional(text(200)),
    price: optional(v.pipe(decimal(12, 2, 0), v.description("of one piece, in the shop's one currency"))),
    description: optional(text(20_000)),
    attributes: optional(v.pipe(text(20_000), v.description("JSON"))),
    avg_rating: optional(v.pipe(v.number(), v.minValue(0), v.maxValue(5))),
    num_reviews: optional(integer(0, 1_000_000_000)),
    created_at: optional(timestamp()),
    is_active: optional(v.pipe(flag(), v.description("false: not for sale; null counts as true"))),
  }),
  primaryKey: ["product_id"],
  latestBy: "created_at",
});

/** A user on a day. Columns that a shop does not know are null. */
export const catalogueUsers = table({
  name: "users",
  version: 1,
  description: "The users on a day, all of them: one row a person.",
  schema: v.strictObject({
    user_id: identifier(),
    age_group: optional(text(40)),
    gender: optional(text(40)),
    location: optional(text(200)),
    join_date: optional(timestamp()),
    customer_segment: optional(text(80)),
    preferences: optional(v.pipe(text(20_000), v.description("JSON"))),
  }),
  primaryKey: ["user_id"],
  latestBy: "join_date",
});
