import { BuildName } from "@penstock/contracts";
import { forSpark, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { curatedObjects } from "./curated-objects.ts";
import { removeSupersededMarts } from "./keep-builds.ts";
import { martsPlan } from "./marts-plan.ts";
import type { MartsPorts } from "./ports.ts";

const name = v.pipe(v.string(), v.minLength(1));

export const PlanMartsInput = v.strictObject({
  run_id: name,
  build: BuildName,
  /** The build that is read at present, by the state machine: it stays. Null before the first. */
  current: v.nullable(BuildName),
  /** The build that queries are written over, where it is another one: it stays too. */
  catalogued: v.optional(v.nullable(BuildName)),
});
export type PlanMartsInput = v.InferOutput<typeof PlanMartsInput>;

/** How a build is to be done. The plan is there for either engine: a Lambda that runs out of memory goes on to Glue. */
export interface PlannedMarts {
  readonly engine: "lambda" | "glue";
  readonly curated_bytes: number;
  readonly plan: S3Uri;
  /** Where the job writes the answers of the plan's reports. */
  readonly result: S3Uri;
}

/** Sizes the curated zone, decides which engine builds the marts, and writes down how Glue would do it. */
export async function planMarts(
  { build, current, catalogued }: PlanMartsInput,
  ports: MartsPorts,
): Promise<PlannedMarts> {
  const { store, settings } = ports;
  const curated = await curatedObjects(ports);
  const prefix = s3Uri(settings.artifacts, planPrefix(build));
  const result: S3Uri = `${prefix}result.json`;
  const plan: S3Uri = `${prefix}plan.json`;
  await store.putJson(plan, forSpark(martsPlan(curated, { build, bucket: settings.marts, result })));
  const engine = curated.bytes <= settings.lambdaMaxBytes ? "lambda" : "glue";
  // The Lambda that builds clears away for itself; the job on Glue does not.
  if (engine === "glue") await removeSupersededMarts({ build, current, catalogued }, ports);
  return { engine, curated_bytes: curated.bytes, plan, result };
}

/** Prefix in the artifacts bucket of the plan and the answers of a build. */
export function planPrefix(build: string): string {
  return `marts/${build}/`;
}
