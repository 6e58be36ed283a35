import * as v from "valibot";

/** Generated interactions, and what a weekly run has to know of them. */
export const FeatureData = v.object({
  folder: v.string(),
  rows: v.number(),
  /** The day after the last one, `YYYY-MM-DD`. */
  until: v.string(),
});
export type FeatureData = v.InferOutput<typeof FeatureData>;

/** What a weekly run answers: a line of JSON on standard output. */
export const MeasuredRun = v.object({
  /** From its start to its end. */
  seconds: v.number(),
  uploadSeconds: v.number(),
  /** States in the order in which they were entered; those within a Parallel or Map follow it. */
  states: v.array(v.object({ name: v.string(), seconds: v.number(), entered: v.number() })),
  /** What the run says of its features, by the group. */
  rows: v.record(v.string(), v.number()),
  /** Local folders of the clean rows and of the features by group. */
  clean: v.string(),
  features: v.record(v.string(), v.string()),
});
export type MeasuredRun = v.InferOutput<typeof MeasuredRun>;

/** Hand-written SQL over the same clean rows. */
export const MeasuredByHand = v.object({
  seconds: v.number(),
  /** Seconds by the group. */
  groups: v.record(v.string(), v.number()),
  /** What differs from the features that the run wrote; empty when nothing does. */
  differences: v.array(v.string()),
});
export type MeasuredByHand = v.InferOutput<typeof MeasuredByHand>;
