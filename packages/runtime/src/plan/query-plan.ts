import * as v from "valibot";
import { InvalidInput } from "../errors.ts";
import { isS3Uri, type S3Uri } from "../uri.ts";

/** SQL of a plan in Trino's dialect; `spark` beside it when Glue is to run it. */
const Query = v.strictObject({ name: v.string(), sql: v.string(), spark: v.optional(v.string()) });
const Uri = v.custom<S3Uri>(isS3Uri, "an S3 URI");
const names = v.pipe(v.array(v.string()), v.minLength(1));

const QueryPlanSchema = v.strictObject({
  inputs: v.array(v.strictObject({ name: v.string(), uris: v.pipe(v.array(Uri), v.minLength(1)) })),
  steps: v.array(Query),
  outputs: v.array(
    v.strictObject({
      from: v.string(),
      to: Uri,
      orderBy: names,
      partition: v.optional(
        v.strictObject({ by: names, columns: names, report: v.string(), apart: v.optional(v.string()) }),
      ),
    }),
  ),
  reports: v.array(Query),
  result: Uri,
});

/**
 * Work over Parquet objects that any of the engines can do, as data. Inputs are named views over objects (one schema);
 * each step is a named query over what comes before it; outputs are written as one Parquet object each, in the order of
 * `orderBy` (columns, which must make the order total); the reports' rows are written as one JSON object at `result`,
 * by report name.
 *
 * An output with a `partition` is of a step and becomes one object per combination of the columns `by`, in folders below
 * `to` (which then ends in a slash): `<to>month=2025-01/part-0.parquet`. The objects have the step's `columns` that are
 * named there; those of `by` stand in the folders, their values are texts of letters, digits, `.`, `-` and `_`. What was
 * written is told in the report of the name given there, a row per object: {@link WrittenPart}. Without rows there is no
 * object. `apart` says that a partition hangs on few rows but its own, so that many of them are better computed each by
 * itself than all together beforehand; it names an input or a step that has the columns `by` as well, with all values that
 * the output's rows may have, so that nobody computes the rows to learn which partitions there are. It says how, and not
 * what: an engine that keeps nothing beforehand, as Spark, has no use for it.
 */
export type QueryPlan = v.InferOutput<typeof QueryPlanSchema>;

/** One object of a partitioned output, as the plan's result tells of it. */
export const WrittenPart = v.strictObject({
  uri: Uri,
  /** The folders, `month=2025-01`, with slashes between. */
  partition: v.string(),
  rows: v.number(),
  bytes: v.number(),
});
export type WrittenPart = v.InferOutput<typeof WrittenPart>;

/** Reads a plan; throws {@link InvalidInput} naming the fields that do not fit. */
export function parsePlan(value: unknown): QueryPlan {
  const parsed = v.safeParse(QueryPlanSchema, value);
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole value").join(", ");
  throw new InvalidInput(`no query plan; these fields do not fit: ${fields}`);
}
