import * as v from "valibot";
import { isDate } from "../actions/iso-date.ts";

const day = (what: string) => {
  const wanted = `Give ${what} as a date of the calendar, such as 2026-01-31.`;
  return v.pipe(
    v.string(wanted),
    v.isoDate(wanted),
    v.check((text) => isDate(text), wanted),
    v.description(`${what.charAt(0).toUpperCase()}${what.slice(1)}, UTC; in mode "range" only`),
  );
};

const bothOrNeither = `A range needs both start_date and end_date; "daily" and "weekly" take neither.`;

/**
 * What `feature-pipeline` is started with by hand. `daily` is the day before the start, `weekly` everything up to and
 * with it, `range` the days from `start_date` to `end_date`, both included. Schedules start it with the mode and the
 * time that they were due at, so that a late start takes the same days.
 */
export const FeaturePipelineInput = v.pipe(
  v.strictObject({
    mode: v.pipe(
      v.picklist(["daily", "weekly", "range"], `Give "daily", "weekly" or "range".`),
      v.description("The day before, everything for training, or the days from start_date to end_date"),
    ),
    start_date: v.optional(day("the first day")),
    end_date: v.optional(day("the last day")),
    output_path: v.optional(
      v.pipe(
        v.string("Give a place in S3."),
        v.regex(
          /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/exports\/([A-Za-z0-9=_-][A-Za-z0-9=._-]{0,127}\/){0,8}([A-Za-z0-9=_-][A-Za-z0-9=._-]{0,127})?$/,
          "Give a place under exports/ of the features bucket, such as s3://BUCKET/exports/january/.",
        ),
        v.description(
          "Where a copy of the features goes: under exports/ of the features bucket. Folders of letters, digits, =, _, - and dots",
        ),
      ),
    ),
    validate_only: v.optional(
      v.pipe(
        v.boolean("Give true or false."),
        v.description("Write the validation report and go no further"),
      ),
    ),
  }),
  v.forward(
    v.partialCheck(
      [["mode"], ["start_date"]],
      ({ mode, start_date }) => (mode === "range") === (start_date !== undefined),
      bothOrNeither,
    ),
    ["start_date"],
  ),
  v.forward(
    v.partialCheck(
      [["mode"], ["end_date"]],
      ({ mode, end_date }) => (mode === "range") === (end_date !== undefined),
      bothOrNeither,
    ),
    ["end_date"],
  ),
  v.forward(
    v.partialCheck(
      [["start_date"], ["end_date"]],
      ({ start_date: first, end_date: last }) => first === undefined || last === undefined || first <= last,
      "The last day comes before the first.",
    ),
    ["end_date"],
  ),
  v.forward(
    v.partialCheck(
      [["end_date"]],
      ({ end_date: last }) => last === undefined || last <= new Date().toISOString().slice(0, 10),
      "The last day is in the future.",
    ),
    ["end_date"],
  ),
);

/** A run of the feature pipeline, as a person asks for it. */
export type FeaturePipelineInput = v.InferOutput<typeof FeaturePipelineInput>;
