import * as v from "valibot";

const line = (most: number, what: string) =>
  v.pipe(v.string(), v.minLength(1), v.maxCodePoints(most), v.description(what));
const list = (most: number, what: string) =>
  v.pipe(v.array(line(most, what)), v.minLength(1), v.maxLength(8), v.description(`1 to 8: ${what}`));

/** What a model says of a market. */
export const MarketInsight = v.strictObject({
  preferences: list(120, "What people there like about such a product, at most 120 characters"),
  platforms: list(60, "A platform that they use, at most 60 characters"),
  content_types: list(60, "A kind of content that works there, at most 60 characters"),
  cultural_notes: line(800, "Customs, holidays and manners to know, at most 800 characters"),
});
export type MarketInsight = v.InferOutput<typeof MarketInsight>;

/** The same as the record has it, with who said it. */
export const KnownInsight = v.strictObject({
  ...MarketInsight.entries,
  /** The model that spoke. */
  model: v.string(),
  /** True for the local cloud's rules, which are no model. */
  offline: v.boolean(),
});
export type KnownInsight = v.InferOutput<typeof KnownInsight>;
