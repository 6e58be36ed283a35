import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { s3ObjectStore } from "@penstock/runtime";
import { afterEach, expect, it } from "vitest";
import {
  FeatureRunFailed,
  runFeatures,
  runFeaturesIfAny,
} from "../../packages/local/src/main-job/features/feature-run.ts";
import { busyService } from "../api/busy-services.ts";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const { close } of open.splice(0).reverse()) close();
});

/** A Step Functions whose executions end so at once. */
async function ending(end: { status: string; output?: string; error?: string }) {
  const at = Date.now() / 1000;
  const service = await busyService("HTTP/1.1", (request) =>
    "stateMachineArn" in JSON.parse(request)
      ? [200, { executionArn: "arn:e", startDate: at }]
      : [200, { executionArn: "arn:e", startDate: at, stopDate: at, ...end }],
  );
  const stepFunctions = new SFNClient(service.options);
  const s3 = new S3Client(service.options);
  open.push(service, { close: () => stepFunctions.destroy() }, { close: () => s3.destroy() });
  return {
    stepFunctions,
    machines: new Map([["feature-pipeline", "arn:machine"]]),
    store: s3ObjectStore(s3),
    signal: new AbortController().signal,
  };
}

const daily = { mode: "daily", scheduled_at: "2026-11-21T05:00:00Z" } as const;
const empty = { status: "SUCCEEDED", output: '{"status":"EMPTY","run_id":"daily-2026-11-20"}' };

it("a day without interactions ends as none", async () => {
  expect(await runFeaturesIfAny(await ending(empty), daily)).toBeUndefined();
});

it("where interactions must be, finding none is a failure", async () => {
  await expect(runFeatures(await ending(empty), daily)).rejects.toThrow(FeatureRunFailed);
});

it.each([
  { status: "FAILED", error: "ValidationFailed" },
  { status: "SUCCEEDED", output: '{"status":"COALESCED"}' },
])("an execution that ended $status, $error$output, is a failure", async (end) => {
  await expect(runFeaturesIfAny(await ending(end), daily)).rejects.toThrow(FeatureRunFailed);
});
