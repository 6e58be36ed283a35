import path from "node:path";
import {
  type FeatureSet,
  featureTables,
  type LaterCatalogue,
  TrainingManifest,
  trainingManifestKey,
  trainingPrefix,
} from "@penstock/contracts";
import { ContractViolation, type S3Uri, s3Uri, workDirectory } from "@penstock/runtime";
import * as v from "valibot";
import { fetchObjects, objectsBelow } from "./feature-objects.ts";
import type { FeaturesPorts } from "./ports.ts";

const splits = ["train", "validation", "test"] as const;

/** The prefix of a try of the split. */
export function splitPrefix(bucket: string, attempt: string, tried: string): S3Uri {
  return s3Uri(bucket, `${trainingPrefix(attempt)}try=${tried}/`);
}

/**
 * Writes what a training job is given: the files of each part of the split, their rows and columns.
 * @throws ContractViolation when the parts do not hold every interaction once
 */
export async function writeTraining(
  features: FeatureSet,
  {
    tried,
    rows: expected,
    later_catalogue,
  }: {
    readonly tried: string;
    /** Clean interactions before the features' moment, each of which is in one part. */
    readonly rows: number;
    readonly later_catalogue: LaterCatalogue;
  },
  { store, settings, openSession, now }: FeaturesPorts & { readonly now: () => Date },
): Promise<S3Uri> {
  await using work = await workDirectory();
  await using session = await openSession(path.join(work.path, "spill"));
  const { attempt, run_id, as_of } = features;
  const prefix = splitPrefix(settings.features, attempt, tried);
  const partOf = async (split: (typeof splits)[number]) => {
    const uris = await objectsBelow(`${prefix}split=${split}/`, store);
    const { objects } = await fetchObjects(uris, path.join(work.path, split), { store, session });
    const sum = (of: "rows" | "bytes") => objects.reduce((total, object) => total + object[of], 0);
    return { rows: sum("rows"), bytes: sum("bytes"), objects };
  };
  const parts = {
    train: await partOf("train"),
    validation: await partOf("validation"),
    test: await partOf("test"),
  };
  const rows = splits.reduce((sum, split) => sum + parts[split].rows, 0);
  if (rows !== expected)
    throw new ContractViolation(
      `the split of ${attempt} holds ${rows} rows of ${expected} interactions; run it again`,
    );
  const manifest = s3Uri(settings.features, trainingManifestKey(attempt));
  await store.putJson(
    manifest,
    v.parse(TrainingManifest, {
      run_id,
      attempt,
      as_of,
      created_at: now().toISOString(),
      columns: featureTables.interaction.columns.map(({ name, type }) => ({ name, type })),
      versions: { interaction: featureTables.interaction.version },
      later_catalogue,
      splits: parts,
    }),
  );
  return manifest;
}
