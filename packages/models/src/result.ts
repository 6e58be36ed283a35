import * as v from "valibot";

/** A number that a reader can plot and add: JSON has no NaN or Infinity, so no result has either. */
export const finite = v.pipe(v.number(), v.finite());

/** A number from 0 to 1. */
export const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A whole number, 0 or more. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a model learned from: how many observations (the model's page says of what), and their first and last day. */
export const TrainedOn = v.strictObject({
  observations: count,
  /** ISO 8601, inclusive; null where the input carries no time. */
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
});
export type TrainedOn = v.InferOutput<typeof TrainedOn>;

/** How good a fit is, by name of the measure. Names carry the unit where there is one (`smape_percent`). */
export const Metrics = v.record(v.string(), finite);
export type Metrics = v.InferOutput<typeof Metrics>;

/**
 * The contract of a model's answer: either `status: "ok"` with what it learned from, its metrics and `entries`, or
 * `status: "not enough data"` with the reason in a sentence. A model never throws for data that says too little and
 * never lets NaN or Infinity out.
 *
 * @param model name, kebab-case, as reports show it
 * @param version counts up when the same input would give another answer
 */
export function resultOf<const Model extends string, const Entries extends v.ObjectEntries>(
  model: Model,
  version: number,
  entries: Entries,
) {
  const head = { model: v.literal(model), version: v.literal(version) };
  return v.variant("status", [
    v.strictObject({
      status: v.literal("ok"),
      ...head,
      trained_on: TrainedOn,
      metrics: Metrics,
      ...entries,
    }),
    v.strictObject({ status: v.literal("not enough data"), ...head, reason: v.string() }),
  ]);
}

/** The refusing half of every result. */
export interface NotEnoughData<Model extends string = string> {
  readonly status: "not enough data";
  readonly model: Model;
  readonly version: number;
  readonly reason: string;
}

/** Says that the data do not carry an answer, and why. */
export function notEnoughData<const Model extends string>(
  model: Model,
  version: number,
  reason: string,
): NotEnoughData<Model> {
  return { status: "not enough data", model, version, reason };
}
