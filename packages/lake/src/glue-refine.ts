import path from "node:path";
import { forSpark, isS3Uri, ObjectMissing, type S3Uri, s3Uri, workDirectory } from "@penstock/runtime";
import * as v from "valibot";
import { attemptPrefix } from "./object-keys.ts";
import { parentObjects } from "./parents.ts";
import type { LakePorts } from "./ports.ts";
import { finish, RefineInput, type RefineSummary, shapeOf } from "./refine.ts";
import { refineAttempt, refinePlan } from "./refine-plan.ts";
import { refineTarget } from "./refine-target.ts";

/** A plan for the generic job, and where the job will write the answers of its reports. */
export interface PlannedRefine {
  readonly plan: S3Uri;
  readonly result: S3Uri;
}

/** What FinishRefine is given: the object again, and where the job wrote its answers. */
export const FinishRefineInput = v.strictObject({
  ...RefineInput.entries,
  result: v.custom<S3Uri>(isS3Uri, "an S3 URI"),
});
export type FinishRefineInput = v.InferOutput<typeof FinishRefineInput>;

/**
 * Writes the plan by which Glue refines an object: the same SQL as on one machine, in Spark's dialect beside Trino's.
 * Parents are looked up whatever their size: Spark joins what does not fit one machine.
 * Throws as `refineTarget` does.
 */
export async function planRefine(input: RefineInput, ports: LakePorts): Promise<PlannedRefine> {
  const { store, settings } = ports;
  const target = await refineTarget(input, store);
  const parents = (await parentObjects(target.contract, ports, Number.POSITIVE_INFINITY)) ?? {};
  const prefix = s3Uri(settings.artifacts, attemptPrefix(input.run_id));
  const attempt = refineAttempt(prefix);
  const plan = refinePlan(shapeOf(target, Object.keys(parents)), { raw: target.raw.uri, parents, attempt });
  const uri: S3Uri = `${prefix}plan.json`;
  await store.putJson(uri, forSpark(plan));
  return { plan: uri, result: attempt.result };
}

/** The answers of a plan's reports, as the job writes them. */
const Reports = v.record(v.string(), v.array(v.record(v.string(), v.nullable(v.number()))));

/**
 * Checks the balance of what Glue wrote under the attempt's prefix, and puts it in place. Throws as `refine` does; the
 * attempt's objects stay where they are and expire by the bucket's lifecycle.
 */
export async function finishRefine(
  { result, ...input }: FinishRefineInput,
  ports: LakePorts,
): Promise<RefineSummary> {
  const started = ports.now();
  const { store, settings } = ports;
  const target = await refineTarget(input, store);
  const attempt = refineAttempt(s3Uri(settings.artifacts, attemptPrefix(input.run_id)));
  const reports = v.parse(Reports, await store.getJson(result));
  await using work = await workDirectory();
  const written = new Map<S3Uri, string>();
  for (const uri of [attempt.curated, attempt.pending, attempt.quarantine]) {
    const file = path.join(work.path, `${written.size}.parquet`);
    try {
      await store.download(uri, file);
    } catch (error) {
      // Tables that refer to nothing have no pending rows; a missing curated object is found by `finish`.
      if (error instanceof ObjectMissing) continue;
      throw error;
    }
    written.set(uri, file);
  }
  return await finish(
    {
      target,
      shape: shapeOf(target, []),
      attempt,
      reports,
      written,
      started,
      engine: "spark",
      parentsLookedUp: true,
    },
    ports,
  );
}
