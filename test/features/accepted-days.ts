import { CleanSnapshot, type FeaturePlan } from "@penstock/contracts";
import type { S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { snapshotOf } from "../../packages/features/src/catalogue-candidate.ts";
import type { CleanResult } from "../../packages/features/src/clean-result.ts";
import { type RawRun, rawSettings } from "./raw-run.ts";

const Ended = v.nullable(v.object({ to: v.string(), planned_at: v.optional(v.string()) }));
const Known = v.object({ snapshot: CleanSnapshot, recent: v.object({ daily: Ended, weekly: Ended }) });

/** What is current for the plans that follow. */
export async function currentOf(run: RawRun): Promise<v.InferOutput<typeof Known> | undefined> {
  if (run.current === undefined) return undefined;
  return v.parse(Known, await run.store.getJson(run.current.manifest as S3Uri));
}

/** Makes what a run cleaned current, as its acceptance would; without `clean` each day of its plan has a row. */
export async function accept(run: RawRun, plan: FeaturePlan, clean?: CleanResult): Promise<void> {
  const { attempt, mode, to, as_of, clean_from } = plan;
  const before = await currentOf(run);
  const days = plan.days.filter(({ day }) => day >= clean_from);
  const one: CleanResult = {
    landed: [{ rows: days.length }],
    interactions: days.map(({ day }) => ({
      uri: `s3://features/clean/${day}`,
      partition: `day=${day}`,
      rows: 1,
      bytes: 1,
    })),
    catalogues: [{ products: 0, users: 0 }],
    removed: [],
  };
  const snapshot = snapshotOf(plan, clean ?? one, {
    base: before?.snapshot ?? null,
    lookBackDays: rawSettings.lookBackDays,
  });
  const recent = {
    daily: null,
    weekly: null,
    ...before?.recent,
    ...(mode === "range" ? {} : { [mode]: { to, planned_at: plan.looked_at } }),
  };
  const generation = (run.current?.generation ?? 0) + 1;
  const manifest: S3Uri = `s3://features/_manifests/${attempt}/${generation}.json`;
  await run.store.putJson(manifest, { snapshot, recent });
  run.current = { system: "features", build: attempt, as_of, manifest, generation };
}
