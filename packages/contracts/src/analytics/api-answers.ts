import * as v from "valibot";
import { BuildName } from "./build-objects.ts";

const count = (what: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(what));
const builtAt = v.pipe(v.string(), v.description("When the build was begun, ISO 8601, UTC"));
const status = v.pipe(
  v.picklist(["ok", "not enough data"]),
  v.description("`not enough data`: `reason` says why there are no rows"),
);
const reason = v.nullable(
  v.pipe(v.string(), v.description("Why there is not enough data; null where there is")),
);
const model = v.pipe(v.string(), v.description("The method that made the report"));
const version = count("Version of the method: another one may answer otherwise to the same data");

/** One report of a system, without its rows. */
export const ReportSummary = v.strictObject({
  report: v.pipe(v.string(), v.description("Names the report in the path")),
  description: v.pipe(v.string(), v.description("What it says")),
  link: v.pipe(v.string(), v.description("Path of its rows")),
  columns: v.pipe(
    v.array(v.string()),
    v.description("Columns of its rows: each is also a query parameter that picks rows by their value"),
  ),
  /** All of the build is null until there is one, and for a report that it does not have. */
  status: v.nullable(status),
  reason,
  model: v.nullable(model),
  version: v.nullable(version),
  rows: v.nullable(count("Rows of the current build")),
});

/** What there is of a system's analytics. */
export const SystemAnalytics = v.strictObject({
  system: v.pipe(v.string(), v.description("Names the system in the path")),
  title: v.string(),
  build: v.nullable(v.pipe(BuildName, v.description("The current build; null: nothing is built yet"))),
  built_at: v.nullable(builtAt),
  reports: v.array(ReportSummary),
});
export type SystemAnalytics = v.InferOutput<typeof SystemAnalytics>;

/** A cell as JSON has it: decimals and counts are numbers, dates `YYYY-MM-DD`, moments ISO 8601 in UTC. */
export const ReportCell = v.nullable(v.union([v.string(), v.number(), v.boolean()]));
export type ReportCell = v.InferOutput<typeof ReportCell>;

/** A page of the rows of a report, in the report's order, with all that is known of how they came about. */
export const ReportPage = v.strictObject({
  system: v.string(),
  report: v.string(),
  description: v.string(),
  build: v.pipe(BuildName, v.description("The build that the rows are of: the same on every page")),
  built_at: builtAt,
  status,
  reason,
  model,
  version,
  trained_on: v.nullable(
    v.pipe(
      v.strictObject({
        observations: count("Observations that the model learned from"),
        from: v.nullable(v.string()),
        to: v.nullable(v.string()),
      }),
      v.description("What the model learned from"),
    ),
  ),
  metrics: v.pipe(v.record(v.string(), v.number()), v.description("How good the model is, by name")),
  details: v.pipe(
    v.record(v.string(), v.unknown()),
    v.description("What the model says besides: parameters, the horizon"),
  ),
  columns: v.array(v.strictObject({ name: v.string(), type: v.string(), comment: v.string() })),
  report_rows: count("Rows of the report, whatever was asked for"),
  rows: v.array(v.record(v.string(), ReportCell)),
  next_token: v.nullable(
    v.pipe(v.string(), v.description("Give it as `token` for the next page; null: the last")),
  ),
});
export type ReportPage = v.InferOutput<typeof ReportPage>;
