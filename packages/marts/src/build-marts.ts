import path from "node:path";
import { BuildName } from "@penstock/contracts";
import { checkAhead, runPlan, type S3Uri, s3Uri, TooLarge, workDirectory } from "@penstock/runtime";
import * as v from "valibot";
import { curatedObjects } from "./curated-objects.ts";
import { removeSupersededMarts } from "./keep-builds.ts";
import { type MartsSummary, writeManifest } from "./manifest.ts";
import { martsPlan } from "./marts-plan.ts";
import { planPrefix } from "./plan-marts.ts";
import type { MartsPorts } from "./ports.ts";

export const BuildMartsInput = v.strictObject({
  run_id: v.pipe(v.string(), v.minLength(1)),
  build: BuildName,
  built_at: v.pipe(v.string(), v.isoTimestamp()),
  /** The build that is read at present, by the state machine: it stays. Null before the first. */
  current: v.nullable(BuildName),
  /** The build that queries are written over, where it is another one: it stays too. */
  catalogued: v.optional(v.nullable(BuildName)),
});
export type BuildMartsInput = v.InferOutput<typeof BuildMartsInput>;

/**
 * Builds the marts on this machine with DuckDB, beside the older builds and never over them. The same curated objects
 * give the same bytes. Throws `TooLarge` for more than `lambdaMaxBytes`, `OutOfMemory`: Glue can do either.
 */
export async function buildMarts(
  { build, built_at, current, catalogued }: BuildMartsInput,
  ports: MartsPorts,
): Promise<MartsSummary> {
  const { store, settings } = ports;
  const curated = await curatedObjects(ports);
  if (curated.bytes > settings.lambdaMaxBytes) {
    throw new TooLarge(
      `the curated zone has ${curated.bytes} bytes, more than the ${settings.lambdaMaxBytes} of settings.engine.lambdaMaxBytes; Glue builds the marts of it`,
    );
  }
  await removeSupersededMarts({ build, current, catalogued }, ports);
  const result: S3Uri = s3Uri(settings.artifacts, `${planPrefix(build)}result.json`);
  const plan = martsPlan(curated, { build, bucket: settings.marts, result });
  await using work = await workDirectory();
  const [opened] = await Promise.all([ports.openSession(path.join(work.path, "spill")), checkAhead(plan)]);
  await using session = opened;
  const reports = await runPlan(plan, { session, store, workDirectory: path.join(work.path, "plan") });
  return writeManifest(reports, { build, built_at }, ports);
}
