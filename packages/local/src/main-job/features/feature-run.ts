import { setTimeout as sleep } from "node:timers/promises";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { FeaturesManifest, FeaturesProfile, ValidationReport } from "@penstock/contracts";
import { isS3Uri, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { machineArn, type Run } from "../run.ts";

/** What the feature pipeline is started with. */
export type FeatureInput =
  | { readonly mode: "daily" | "weekly"; readonly scheduled_at: string }
  | { readonly mode: "range"; readonly start_date: string; readonly end_date: string };

/** One execution that ended well, with what it wrote about itself. */
export interface FeatureRun {
  readonly run_id: string;
  readonly mode: FeatureInput["mode"];
  readonly seconds: number;
  readonly report: ValidationReport;
  readonly profile: FeaturesProfile;
  readonly manifest: FeaturesManifest;
  /** Rows that cleaning took out, by the reason. */
  readonly removed: Readonly<Record<string, number>>;
  /** Items written to the online store. */
  readonly published: number;
  readonly absent: readonly string[];
  readonly drifted: readonly string[];
  readonly alerts: readonly string[];
}

/** An execution of the feature pipeline did not end as it should. */
export class FeatureRunFailed extends Error {
  override readonly name = "FeatureRunFailed";
}

const uri = v.custom<S3Uri>((value) => typeof value === "string" && isS3Uri(value), "an S3 URI");
const count = v.number();
const texts = v.array(v.string());
const Empty = v.object({ status: v.literal("EMPTY") });
const Output = v.object({
  status: v.literal("SUCCEEDED"),
  run_id: v.string(),
  report: uri,
  profile: uri,
  manifest: uri,
  removed: v.record(v.string(), count),
  published: count,
  absent: texts,
  drifted: texts,
  alerts: texts,
});

/** Milliseconds between two looks at an execution. */
const POLL = 50;

type Using = Pick<Run, "stepFunctions" | "machines" | "store" | "signal">;

/** Runs the feature pipeline once, and reads what it wrote. @throws {FeatureRunFailed} also when it found nothing */
export async function runFeatures(run: Using, input: FeatureInput): Promise<FeatureRun> {
  const ended = await runFeaturesIfAny(run, input);
  if (ended === undefined)
    throw new FeatureRunFailed(`feature-pipeline ${JSON.stringify(input)} found no interactions`);
  return ended;
}

/** {@link runFeatures} of days that may have none. @returns undefined when they have: nothing has changed by it */
export async function runFeaturesIfAny(run: Using, input: FeatureInput): Promise<FeatureRun | undefined> {
  const { executionArn } = await run.stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: machineArn(run, "feature-pipeline"),
      input: JSON.stringify(input),
    }),
  );
  for (;;) {
    const found = await run.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (found.status === "RUNNING") {
      await sleep(POLL, undefined, { signal: run.signal });
      continue;
    }
    const said: unknown = JSON.parse(found.output ?? "null");
    if (found.status === "SUCCEEDED" && v.is(Empty, said)) return undefined;
    const output = v.safeParse(Output, said);
    if (found.status !== "SUCCEEDED" || !output.success)
      throw new FeatureRunFailed(
        `feature-pipeline ${JSON.stringify(input)} ended ${found.status}: ${found.error ?? found.output ?? ""} ${found.cause ?? ""}`,
      );
    const { run_id, report, profile, manifest, removed, published, absent, drifted, alerts } = output.output;
    return {
      run_id,
      mode: input.mode,
      seconds: ((found.stopDate?.getTime() ?? 0) - (found.startDate?.getTime() ?? 0)) / 1000,
      report: v.parse(ValidationReport, await run.store.getJson(report)),
      profile: v.parse(FeaturesProfile, await run.store.getJson(profile)),
      manifest: v.parse(FeaturesManifest, await run.store.getJson(manifest)),
      removed,
      published,
      absent,
      drifted,
      alerts,
    };
  }
}
