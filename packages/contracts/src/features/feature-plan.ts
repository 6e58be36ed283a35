import * as v from "valibot";
import { isoDate } from "../actions/iso-date.ts";
import { FeatureAttempt, FeatureRunId, featureModes } from "./run-names.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
type Uri = `s3://${string}/${string}`;
const uri = v.custom<Uri>((value) => typeof value === "string" && /^s3:\/\/[^/]+\//.test(value), "an S3 URI");
const moment = v.pipe(v.string(), v.isoTimestamp());
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits"));

/** A raw object as it was when the run was planned. */
export const RawObject = v.strictObject({ uri, etag: v.string(), bytes: count, last_modified: moment });
export type RawObject = v.InferOutput<typeof RawObject>;

/** Raw objects of a day that are landed together: below the day's prefix they are `part-<part>`. */
export const LandingPart = v.strictObject({
  part: count,
  /** The slice of the run that lands them; null where an earlier run has. */
  slice: v.nullable(count),
  /** None where others are there by now: the day is read as it is current. */
  objects: v.array(RawObject),
});
export type LandingPart = v.InferOutput<typeof LandingPart>;

/** A day of the plan. One without parts is missing: there is no raw object of it. */
export const PlannedDay = v.strictObject({
  day: isoDate,
  /** Stands for the day's raw objects by key, etag and size, and for how they are landed. */
  digest,
  parts: v.array(LandingPart),
  /**
   * The raw objects are others than those that the current features saw, or these saw none. A day that the run does not take
   * in is read as it is current, and has not changed.
   */
  changed: v.boolean(),
  /** When these raw objects were looked at: by this run, or by the one that the day is current of. */
  planned_at: moment,
  /** When the oldest of these raw objects came. Absent without any. */
  raw_from: v.optional(moment),
  /** Clean rows of it that are current: they go where it has no line any more. */
  clean_rows: v.optional(count, 0),
  /**
   * Retention may have taken raw objects of it, and has taken what was landed of them: nobody can clean it again, and its
   * clean rows stay current as they are.
   */
  kept: v.optional(v.boolean(), false),
});
export type PlannedDay = v.InferOutput<typeof PlannedDay>;

/** An object of a catalogue as it was when the run was planned. */
export const CatalogueObject = v.strictObject({ uri, etag: v.string(), bytes: count });
export type CatalogueObject = v.InferOutput<typeof CatalogueObject>;

/** One source's whole catalogue. */
export const CatalogueSnapshot = v.strictObject({
  source: v.string(),
  /** The day that it is filed under. */
  date: isoDate,
  /** The first day whose events see it; the first snapshot of a source holds before that as well. */
  holds_from: isoDate,
  /** What it consists of, as it was when the run was planned. */
  objects: v.array(CatalogueObject),
});
export type CatalogueSnapshot = v.InferOutput<typeof CatalogueSnapshot>;

/** All that a run is to do, written once by Plan at `featurePlanKey` and read by every task after it. */
export const FeaturePlan = v.strictObject({
  run_id: FeatureRunId,
  attempt: FeatureAttempt,
  mode: v.picklist(featureModes),
  /** The run's days, both included. */
  from: isoDate,
  to: isoDate,
  /** Midnight after `to`. */
  as_of: moment,
  /**
   * The days that are cleaned, and whose interactions have their features computed: all from one to the other. They begin
   * before `from` where a daily run takes in what came late or what no run has taken, and end after `to` where days that
   * are current already would otherwise stand behind other days than they were cleaned with.
   */
  clean_from: isoDate,
  clean_to: isoDate,
  validate_only: v.boolean(),
  output_path: v.nullable(uri),
  execution_id: v.string(),
  started_at: moment,
  /** When the run looked at what it takes in: a plan that is made again looks again. */
  looked_at: moment,
  /** The run's moment: the schedule's, or the start. */
  scheduled_at: moment,
  /** From the look-back of `clean_from` to `clean_to` without gaps, in order: what cleaning reads. */
  days: v.array(PlannedDay),
  slices: count,
  /** Moment at which the newest raw object of these days or the run's own arrived; null without any. */
  newest_arrival: v.nullable(moment),
  /** Raw objects that are no JSON lines by their name, or lie in no day: left alone, and told. */
  ignored: v.array(uri),
  /**
   * Days of raw objects that no run up to now looks at: in the future, or before the first day of a run of everything. Told,
   * since no count has their events.
   */
  outside: v.array(v.strictObject({ day: isoDate, objects: count })),
  /** What Firehose has put aside since the last daily or weekly run that was accepted; told, since no count has it. */
  undeliverable: v.optional(v.strictObject({ objects: count, bytes: count }), { objects: 0, bytes: 0 }),
  /**
   * Days before or behind the run's own whose clean rows expire soon though their raw objects are there, and when the first of
   * them do. Told.
   */
  expiring: v.optional(v.array(v.strictObject({ day: isoDate, on: isoDate })), []),
  /**
   * Days whose clean rows have expired after their raw objects had, and whose attempt's they were: history ends behind them, and
   * nothing that becomes current with the run names them any more.
   */
  expired: v.optional(v.array(v.strictObject({ day: isoDate, attempt: FeatureAttempt })), []),
  catalogue: v.strictObject({
    products: v.array(CatalogueSnapshot),
    users: v.array(CatalogueSnapshot),
  }),
  /** What is current while the run is planned; null before the first. */
  base: v.nullable(v.strictObject({ attempt: FeatureAttempt, manifest: uri, generation: count })),
});
export type FeaturePlan = v.InferOutput<typeof FeaturePlan>;

/** Prefix of a day's landed rows: `part-<n>.parquet`, and `part-<n>.json` of {@link LandedCounts}, written last. */
export function landedPrefix(day: string, of: string): string {
  return `landed/day=${day}/${of}/`;
}

/** Key of the lines of a part that were rejected, as JSON lines. */
export function quarantineKey(day: string, of: string, part: number): string {
  return `quarantine/day=${day}/${of}/part-${part}.jsonl`;
}

/** What became of the lines of a part: `lines` = `rows` + `rejected`. */
export const LandedCounts = v.strictObject({
  lines: count,
  rows: count,
  rejected: count,
  /** Lines by each reason that they were rejected for; one line can have several. */
  reasons: v.record(v.string(), count),
  /** Lines that are no object of the known fields, and lines with a value of another type, form, range or time. */
  broken: v.strictObject({ schema: count, types: count }),
  /** Rows that are earlier than the row of their session before them in the same object. */
  unordered: count,
  /**
   * Objects that cannot be read to their end, by what is wrong with them; none of their lines that cannot be read is in any
   * count here. What was landed before these were told has none.
   */
  faults: v.optional(v.record(v.string(), count), {}),
});
export type LandedCounts = v.InferOutput<typeof LandedCounts>;
