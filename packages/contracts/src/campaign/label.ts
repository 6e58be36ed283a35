import * as v from "valibot";

/** Code points of a label's name, and of a category's. */
export const LABEL_TEXT = 100;
const text = v.pipe(v.string(), v.minLength(1), v.maxCodePoints(LABEL_TEXT));

/** Something that is seen in a picture. */
export const Label = v.strictObject({
  name: text,
  /** Percent. */
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  categories: v.array(text),
  /** How often, where it can be counted. */
  instances: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type Label = v.InferOutput<typeof Label>;

/** A label as the record has it. One that may be meant to instruct a model is shown to none. */
export const FoundLabel = v.strictObject({ ...Label.entries, flagged: v.boolean() });
export type FoundLabel = v.InferOutput<typeof FoundLabel>;

/** What is seen in a product's picture. */
export const ImageAnalysis = v.strictObject({
  /** The surest first. */
  labels: v.array(FoundLabel),
  model_version: v.string(),
  /** True for the local cloud's statistics of pixels, which know no things. */
  offline: v.boolean(),
  analyzed_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type ImageAnalysis = v.InferOutput<typeof ImageAnalysis>;
