import * as v from "valibot";
import { isoDate } from "../actions/iso-date.ts";
import { FeatureAttempt, FeatureRunId, featureModes } from "./run-names.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** One check: how many rows fail it, of how many, and what may. */
export const ValidationCheck = v.strictObject({
  /** `schema`, `types`, `nulls.user_id`, `references.users`, `order`, `duplicates`, …; of one day `… on 2026-11-20`. */
  check: v.string(),
  /** Lines or rows that fail it. */
  rows: count,
  /** `rows` of all that it looks at; 0 where there is nothing to look at. */
  share,
  /** Greatest share that passes. */
  limit: share,
  passed: v.boolean(),
});
export type ValidationCheck = v.InferOutput<typeof ValidationCheck>;

/** What a day holds: `missing` has no raw object, `empty` has objects and no line. */
export const ValidatedDay = v.strictObject({
  day: isoDate,
  state: v.picklist(["present", "empty", "missing"]),
  objects: count,
  lines: count,
  rows: count,
  rejected: count,
});

/** Where the report of an attempt lies in the Features bucket. */
export function validationReportKey(run: string, attempt: string): string {
  return `validation_reports/${run}/${attempt}.json`;
}

/**
 * Interactions before the oldest catalogue of products that there is. They have category, brand and price of their products from
 * it all the same, so that what is computed of these is not as of the event.
 */
export const LaterCatalogue = v.strictObject({
  /** From this day on every attribute was known when the event happened; null where that holds for all days. */
  from: v.nullable(isoDate),
  /** Days before it with such interactions, and how many these are as landed: cleaning may take out some. */
  days: count,
  rows: count,
});
export type LaterCatalogue = v.InferOutput<typeof LaterCatalogue>;

/** What validation found, whether or not the run went on. */
export const ValidationReport = v.strictObject({
  run_id: FeatureRunId,
  attempt: FeatureAttempt,
  mode: v.picklist(featureModes),
  from: isoDate,
  to: isoDate,
  /** `empty`: no day has a line, so that there is nothing to go on with. */
  state: v.picklist(["passed", "broken", "empty"]),
  passed: v.boolean(),
  lines: count,
  rows: count,
  rejected: count,
  checks: v.array(ValidationCheck),
  /** Lines by reason that they were rejected for. */
  reasons: v.record(v.string(), count),
  days: v.array(ValidatedDay),
  later_catalogue: LaterCatalogue,
  /** Days without a raw object, and days whose objects hold no line: what is said of them in words. */
  notes: v.array(v.string()),
  /** Raw objects that were not read: no JSON lines by their name, or in no day's folder. */
  ignored: v.array(v.string()),
  /** Where the rejected lines are, by part, and the rejected rows of catalogues, by snapshot. */
  quarantine: v.array(v.string()),
});
export type ValidationReport = v.InferOutput<typeof ValidationReport>;
