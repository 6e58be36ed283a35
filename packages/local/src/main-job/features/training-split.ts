import { TrainingManifest, trainingManifestKey } from "@penstock/contracts";
import { s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { type Check, check } from "../balance.ts";
import type { Run } from "../run.ts";
import type { FeatureRun } from "./feature-run.ts";

/** Rows of each part of a weekly run's split. */
export type SplitRows = Readonly<Record<keyof TrainingManifest["splits"], number>>;

/** How many interactions a weekly run gave to each part, by the manifest that a training job reads. */
export async function readSplit(
  { store, features }: Pick<Run, "store" | "features">,
  { manifest }: FeatureRun,
): Promise<SplitRows> {
  const uri = s3Uri(features.features, trainingManifestKey(manifest.attempt));
  const { splits } = v.parse(TrainingManifest, await store.getJson(uri));
  return { train: splits.train.rows, validation: splits.validation.rows, test: splits.test.rows };
}

/** The parts are all interactions that have features. */
export function splitCheck({ train, validation, test }: SplitRows, { manifest }: FeatureRun): Check {
  const { rows } = manifest.features.interaction;
  return check(
    "every interaction is in one part of the split",
    train + validation + test === rows ? [] : [`${train} + ${validation} + ${test} of ${rows}`],
    `train ${train}, validation ${validation}, test ${test}`,
  );
}
