import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as v from "valibot";
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

/** The stage could not say what a backfill would do. */
export class NoEstimate extends Error {
  override readonly name = "NoEstimate";
}

const Failure = v.object({ errorType: v.string(), errorMessage: v.string() });

/** Asks the stage's function, which knows its objects and settings. @throws {NoEstimate} */
export async function askEstimate(
  { lambda, prefix, title }: Pick<Place, "lambda" | "prefix" | "title">,
  range: { readonly from: string; readonly to: string },
): Promise<BackfillEstimate> {
  const { Payload, FunctionError } = await lambda
    .send(new InvokeCommand({ FunctionName: `${prefix}-EstimateBackfill`, Payload: JSON.stringify(range) }))
    .catch((error: Error) => {
      throw new NoEstimate(`${title} gave no estimate: ${error.name}: ${error.message}`);
    });
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString("utf8"));
  if (FunctionError === undefined) return v.parse(Estimate, answer);
  const { errorType, errorMessage } = v.parse(Failure, answer);
  throw new NoEstimate(`${errorType}: ${errorMessage}`);
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
