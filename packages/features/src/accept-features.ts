import {
  CleanSnapshot,
  type FeaturePlan,
  FeaturesManifest,
  FeaturesProfile,
  featureGroups,
  featurePointers,
  featuresManifestKey,
  featureTables,
  profileKey,
  snapshotKey,
} from "@penstock/contracts";
import { type Leases, ObjectBusy, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { mergedDays, registerSnapshot } from "./catalogue-candidate.ts";
import { exportFeatures } from "./export-features.ts";
import type { FeatureCatalogue } from "./feature-catalogue.ts";
import { historyWith } from "./feature-history.ts";
import { type FeaturePointers, pointedManifest } from "./feature-pointers.ts";
import { laterAttempt } from "./later-attempt.ts";
import { lineageOf } from "./lineage.ts";
import type { FeaturesPorts } from "./ports.ts";
import { PUBLISHING } from "./publish-online.ts";
import { readPlan } from "./read-plan.ts";
import { registerFeatures } from "./register-features.ts";
import { removeFeatures, removeSnapshots } from "./superseded.ts";
import type { AcceptFeaturesInput } from "./task-inputs.ts";
import { writeTraining } from "./write-training.ts";

export interface AcceptPorts extends FeaturesPorts {
  readonly catalogue: FeatureCatalogue;
  readonly pointers: FeaturePointers;
  readonly leases: Leases;
  readonly now: () => Date;
}

/** What became current, for the state machine. */
export interface AcceptedFeatures {
  /** Whether drift is measured against these features from now on. */
  readonly accepted: boolean;
  readonly manifest: S3Uri;
  readonly generation: number;
  /** What a training job reads; null where the run is not for training. */
  readonly training: S3Uri | null;
}

/** Tries to be faster than others who switch the pointer. */
const TRIES = 5;

/**
 * Makes an attempt's features current: registers them, writes down what they were made of, and switches the pointer, if it
 * is still where it was read. Where another run was faster, its clean days are taken over first, and neither is lost. Once
 * more for the same attempt it changes nothing, and nothing after a later attempt of the same run: that one stays.
 *
 * @throws ObjectBusy when others are faster each time
 */
export async function acceptFeatures(
  { plan: uri, split_try }: AcceptFeaturesInput,
  ports: AcceptPorts,
): Promise<AcceptedFeatures> {
  const { store, settings, catalogue, leases } = ports;
  const plan = await readPlan(store, uri);
  const read = async <Schema extends v.GenericSchema>(schema: Schema, key: string) =>
    v.parse(schema, await store.getJson(s3Uri(settings.features, key)));
  const profile = await read(FeaturesProfile, profileKey(plan.attempt));
  const snapshot = await read(CleanSnapshot, snapshotKey(plan.attempt));
  const later = await laterAttempt(profile.features, ports);
  const current = await ports.pointers.read(featurePointers.latest);
  if (later !== undefined && current !== undefined) {
    await removeFeatures(later, { now: ports.now(), featureDays: settings.featureDays }, catalogue);
    await leases.release(PUBLISHING, plan.attempt);
    return {
      accepted: false,
      manifest: manifestUri(later, ports),
      generation: current.generation,
      training: null,
    };
  }
  await registerFeatures(profile.features, featureGroups, catalogue);
  const training = split_try === null ? null : await writeTraining(profile.features, split_try, ports);
  const { manifest, generation, accepted, before } = await switchPointer(
    { plan, uri, profile, snapshot },
    ports,
  );
  if (training !== null) await pointTraining(manifest, ports);
  await annotate(manifest, catalogue);
  if (plan.output_path !== null) await exportFeatures(profile.features, plan.output_path, store);
  const now = ports.now();
  const keep = [plan.attempt, ...(manifest.before === null ? [] : [manifest.before])];
  await removeSnapshots({ superseded: before?.before ?? null, keep, now }, catalogue);
  await removeFeatures(profile.features, { now, featureDays: settings.featureDays }, catalogue);
  await leases.release(PUBLISHING, plan.attempt);
  return { accepted, manifest: manifestUri(manifest, ports), generation, training };
}

interface Judged {
  readonly plan: FeaturePlan;
  readonly uri: S3Uri;
  readonly profile: FeaturesProfile;
  readonly snapshot: CleanSnapshot;
}

interface Switched {
  readonly manifest: FeaturesManifest;
  readonly generation: number;
  readonly accepted: boolean;
  /** What was current before; null before the first, and when this attempt was current already. */
  readonly before: FeaturesManifest | null;
}

async function switchPointer(judged: Judged, ports: AcceptPorts): Promise<Switched> {
  const { store, settings, catalogue, pointers } = ports;
  const { plan, profile } = judged;
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await pointers.read(featurePointers.latest);
    const base =
      current === undefined
        ? null
        : v.parse(FeaturesManifest, await ports.store.getJson(pointedManifest(current)));
    if (current !== undefined && base?.attempt === plan.attempt) {
      const accepted = base.baselines[plan.mode]?.attempt === plan.attempt;
      return { manifest: base, generation: current.generation, accepted, before: null };
    }
    const { accepted, ...history } = historyWith(profile.features, plan.mode, hasDrifted(profile), base);
    const days = mergedDays(base?.snapshot.days ?? {}, judged.snapshot.days);
    const manifest = v.parse(FeaturesManifest, {
      run_id: plan.run_id,
      attempt: plan.attempt,
      mode: plan.mode,
      accepted_at: ports.now().toISOString(),
      before: base?.attempt ?? null,
      snapshot: { ...judged.snapshot, days },
      features: profile.features,
      ...history,
      lineage: lineageOf(judged, settings),
    });
    await registerSnapshot(plan.attempt, manifest.snapshot, { catalogue, bucket: settings.features });
    const uri = s3Uri(settings.features, featuresManifestKey(plan.attempt));
    await store.putJson(uri, manifest);
    const generation = (current?.generation ?? 0) + 1;
    const { as_of } = manifest.latest;
    const next = { system: featurePointers.latest, build: plan.attempt, as_of, manifest: uri, generation };
    if (await pointers.replace(next)) return { manifest, generation, accepted, before: base };
  }
  throw new ObjectBusy(`other runs switched the pointer to the current features ${TRIES} times in a row`);
}

function hasDrifted({ groups }: FeaturesProfile): boolean {
  return featureGroups.some((group) =>
    Object.values(groups[group].features).some(({ drift }) => drift?.drifted),
  );
}

/** Points training to the split, unless that of a later day is there. */
async function pointTraining(manifest: FeaturesManifest, ports: AcceptPorts): Promise<void> {
  const system = featurePointers.training;
  const { attempt: build, as_of } = manifest.features;
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await ports.pointers.read(system);
    if (current !== undefined && Date.parse(current.as_of) > Date.parse(as_of)) return;
    if (current?.build === build) return;
    const generation = (current?.generation ?? 0) + 1;
    if (
      await ports.pointers.replace({
        system,
        build,
        as_of,
        manifest: manifestUri(manifest, ports),
        generation,
      })
    )
      return;
  }
  throw new ObjectBusy(`other runs switched the pointer to the training data ${TRIES} times in a row`);
}

/** The tables say whose features are the latest, and what they were made of. */
async function annotate(
  { attempt, features, latest, lineage }: FeaturesManifest,
  catalogue: FeatureCatalogue,
) {
  if (latest.attempt !== attempt) return;
  for (const group of featureGroups)
    await catalogue.annotate(featureTables[group].name, {
      "penstock.run": features.run_id,
      "penstock.attempt": attempt,
      "penstock.as_of": features.as_of,
      "penstock.plan": lineage.plan,
      "penstock.sql": lineage.sql[`${group}-features`] ?? "",
      "penstock.contracts": Object.entries(lineage.contracts)
        .map(([name, version]) => `${name}=${version}`)
        .join(","),
    });
}

function manifestUri(
  { attempt }: Pick<FeaturesManifest, "attempt">,
  { settings }: Pick<AcceptPorts, "settings">,
): S3Uri {
  return s3Uri(settings.features, featuresManifestKey(attempt));
}
