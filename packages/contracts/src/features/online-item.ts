import * as v from "valibot";
import { FeatureAttempt } from "./run-names.ts";

/** A feature as the online store holds it; one without a value is not in the item. */
export const FeatureValue = v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean()]);
export type FeatureValue = v.InferOutput<typeof FeatureValue>;

/** Features by the names of the contract's columns, without those that are null. */
export const FeatureValues = v.record(v.string(), FeatureValue);

/** An item of `user_features` or `item_features`: the features of one user or product as of a moment. */
export const OnlineItem = v.strictObject({
  /** The user or product. The table's key. */
  id: v.string(),
  /** Of the group's contract. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Midnight after the last day in the features, ISO 8601 in UTC: later ones sort after earlier ones. */
  as_of: v.pipe(v.string(), v.isoTimestamp()),
  /** When the attempt looked at the raw objects: of two of the same moment the later look is right. */
  planned_at: v.pipe(v.string(), v.isoTimestamp()),
  /** The attempt that computed the features. */
  run: FeatureAttempt,
  /** When the item is forgotten: seconds since the epoch, the table's time to live. */
  expires_at: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /**
   * JSON in the store: one text is checked, sent and kept for half of what a map of as many attributes costs, and an item is
   * only ever read and written whole.
   */
  features: v.pipe(v.string(), v.parseJson(), FeatureValues),
});
export type OnlineItem = v.InferOutput<typeof OnlineItem>;
