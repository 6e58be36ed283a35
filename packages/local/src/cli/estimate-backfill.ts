import * as v from "valibot";
import { askFunction } from "./ask-function.ts";
import { table } from "./describe-execution.ts";
import type { Place } from "./place.ts";

const cost = {
  transitions: v.number(),
  glueDpuHours: v.number(),
  athenaBytes: v.number(),
  dynamoWrites: v.number(),
  dollars: v.number(),
};
const Slice = v.object({
  from: v.string(),
  to: v.string(),
  rawBytes: v.number(),
  stale: v.array(v.string()),
  current: v.boolean(),
  ...cost,
});
/** One range execution of a backfill, as the stage's own function plans it. */
export type BackfillSlice = v.InferOutput<typeof Slice>;
const Estimate = v.object({ slices: v.array(Slice), ...cost });
/** The executions of a backfill in the order of their days, and about what those that run cost. */
export type BackfillEstimate = v.InferOutput<typeof Estimate>;

/** Asks the stage what a backfill would do. @throws {NoAnswer} */
export function askEstimate(
  place: Pick<Place, "lambda" | "prefix" | "title">,
  range: { readonly from: string; readonly to: string },
): Promise<BackfillEstimate> {
  return askFunction(place, "EstimateBackfill", range, Estimate);
}

/** The plan and its cost for people. */
export function describeEstimate({ slices, ...total }: BackfillEstimate): string {
  const cells = (each: Omit<BackfillEstimate, "slices">) => [
    String(each.transitions),
    each.glueDpuHours.toFixed(2),
    megabytes(each.athenaBytes),
    String(each.dynamoWrites),
    `$${each.dollars.toFixed(2)}`,
  ];
  const rows = slices.map((slice) =>
    slice.current
      ? [slice.from, slice.to, "current", megabytes(slice.rawBytes), "", "", "", "", ""]
      : [slice.from, slice.to, `${slice.stale.length} stale`, megabytes(slice.rawBytes), ...cells(slice)],
  );
  const head = ["from", "to", "days", "raw", "transitions", "Glue DPU h", "Athena", "writes ≤", "cost"];
  const open = slices.filter(({ current }) => !current).length;
  return `${table(head, [...rows, ["total", "", `${open} to run`, "", ...cells(total)]])}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
