import {
  CleanSnapshot,
  type FeaturePlan,
  FeaturesManifest,
  FeaturesProfile,
  featureGroups,
  featurePointers,
  featuresManifestKey,
  profileKey,
  snapshotKey,
  trainingManifestKey,
  ValidationReport,
  validationReportKey,
} from "@penstock/contracts";
import { type Leases, ObjectBusy, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { type Accepted, acceptedSince, currentManifest, manifestAt } from "./accepted-attempts.ts";
import { annotateCurrent } from "./annotate-features.ts";
import { cleanRows, mergedSnapshot, registerSnapshot, withoutExpired } from "./catalogue-candidate.ts";
import { exportFeatures } from "./export-features.ts";
import type { FeatureCatalogue } from "./feature-catalogue.ts";
import { currentInteractions, otherDays } from "./feature-days.ts";
import { historyWith } from "./feature-history.ts";
import { isLater } from "./feature-order.ts";
import { type FeaturePointers, pointedManifest } from "./feature-pointers.ts";
import { lineageOf } from "./lineage.ts";
import type { FeaturesPorts } from "./ports.ts";
import { PUBLISHING } from "./publish-online.ts";
import { readPlan } from "./read-plan.ts";
import { registerFeatures } from "./register-features.ts";
import { removeSuperseded } from "./superseded.ts";
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
 * is still where it was read. Where another run was accepted since this one was planned, what is current is put together day
 * by day, and neither is lost. Once more for the same attempt it switches nothing, and neither does an attempt that a later
 * one of the same run was accepted after: that one stays.
 *
 * @throws ObjectBusy when others are faster each time
 */
export async function acceptFeatures(
  { plan: uri, split_try }: AcceptFeaturesInput,
  ports: AcceptPorts,
): Promise<AcceptedFeatures> {
  const { settings, catalogue, leases } = ports;
  const judged = await judgedAttempt(uri, ports);
  const { plan, profile } = judged;
  const prepare = async () => {
    await registerFeatures(profile.features, featureGroups, catalogue);
    const { clean_from, to } = plan;
    const rows = cleanRows(judged.snapshot, { from: clean_from, to });
    if (split_try === null) return;
    const report = s3Uri(settings.features, validationReportKey(plan.run_id, plan.attempt));
    const { later_catalogue } = v.parse(ValidationReport, await ports.store.getJson(report));
    await writeTraining(profile.features, { tried: split_try, rows, later_catalogue }, ports);
  };
  const { at, manifest } = await switchPointer(judged, prepare, ports);
  const isOwn = at.attempt === plan.attempt;
  if (isOwn && split_try !== null) await pointTraining(manifest, at.manifest, ports);
  // A copy was asked of this attempt, whichever of its run is current.
  if (plan.output_path !== null) await exportFeatures(profile.features, plan, ports);
  await annotateCurrent({ at, manifest }, ports);
  await removeSuperseded(at.attempt, ports);
  await leases.release(PUBLISHING, plan.attempt);
  const isTraining = isOwn && split_try !== null;
  return {
    accepted: isOwn && manifest.baselines[plan.mode]?.attempt === plan.attempt,
    manifest: pointedManifest(at),
    generation: at.generation,
    training: isTraining ? s3Uri(settings.features, trainingManifestKey(plan.attempt)) : null,
  };
}

interface Judged {
  readonly plan: FeaturePlan;
  readonly uri: S3Uri;
  readonly profile: FeaturesProfile;
  /** The clean rows that the features were computed from. */
  readonly snapshot: CleanSnapshot;
  /** The baseline of the run's mode when it was planned. */
  readonly baseline: string | null;
}

async function judgedAttempt(uri: S3Uri, { store, settings }: AcceptPorts): Promise<Judged> {
  const plan = await readPlan(store, uri);
  const read = async <Schema extends v.GenericSchema>(schema: Schema, key: string) =>
    v.parse(schema, await store.getJson(s3Uri(settings.features, key)));
  const base = plan.base === null ? null : (await manifestAt(plan.base, store)).manifest;
  return {
    plan,
    uri,
    profile: await read(FeaturesProfile, profileKey(plan.attempt)),
    snapshot: await read(CleanSnapshot, snapshotKey(plan.attempt)),
    baseline: base?.baselines[plan.mode]?.attempt ?? null,
  };
}

/**
 * Switches the pointer to what is current with the attempt. The acceptance that stands for the run afterwards: the
 * attempt's own, of now or of before, or that of a later attempt of the run, which leaves the pointer as it is.
 *
 * @param prepare what has to be there before anybody is pointed to it
 */
async function switchPointer(
  judged: Judged,
  prepare: () => Promise<void>,
  ports: AcceptPorts,
): Promise<Accepted> {
  const { store, settings, catalogue, pointers } = ports;
  const { plan, profile } = judged;
  const standsFor = ({ manifest }: Accepted) =>
    manifest.attempt === plan.attempt ||
    (manifest.run_id === plan.run_id && isLater(manifest.features, profile.features));
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await currentManifest(await pointers.read(featurePointers.latest), store);
    const since = await acceptedSince(plan.base?.generation ?? 0, current, store);
    const standing = since.find(standsFor);
    if (standing !== undefined) return standing;
    if (tries === 0) await prepare();
    const generation = (current?.at.generation ?? 0) + 1;
    const manifest = manifestOver(current, judged, generation, ports);
    await registerSnapshot(plan.attempt, manifest.snapshot, { catalogue, bucket: settings.features });
    const uri = s3Uri(settings.features, featuresManifestKey(plan.attempt, generation));
    await store.putJson(uri, manifest);
    const { as_of } = manifest.latest;
    const next = { system: featurePointers.latest, build: plan.attempt, as_of, manifest: uri, generation };
    if (await pointers.replace(next))
      return { at: { attempt: plan.attempt, manifest: uri, generation }, manifest };
  }
  throw new ObjectBusy(`other runs switched the pointer to the current features ${TRIES} times in a row`);
}

/** What is current once an attempt is accepted after another. */
function manifestOver(
  current: Accepted | null,
  judged: Judged,
  generation: number,
  { settings, now }: Pick<AcceptPorts, "settings" | "now">,
): FeaturesManifest {
  const { plan, profile, snapshot: seen, baseline } = judged;
  const { features } = profile;
  const base =
    current === null
      ? null
      : { ...current.manifest, snapshot: withoutExpired(current.manifest.snapshot, plan) };
  const drift = { drifted: hasDrifted(profile), baseline };
  const { latest, recent, baselines } = historyWith(features, plan.mode, drift, base);
  const snapshot = mergedSnapshot(base?.snapshot ?? null, seen);
  const own = { features, from: plan.clean_from, to: plan.clean_to, snapshot: seen };
  const kept = new Date(now().getTime() - settings.featureDays * 86_400_000);
  const behind =
    latest.attempt === plan.attempt || base === null
      ? otherDays(snapshot.days, seen.days)
      : [...base.latest_behind, ...otherDays(snapshot.days, base.snapshot.days)];
  return v.parse(FeaturesManifest, {
    run_id: plan.run_id,
    attempt: plan.attempt,
    mode: plan.mode,
    accepted_at: now().toISOString(),
    generation,
    before: current?.at ?? null,
    snapshot,
    features,
    latest,
    latest_behind: [...new Set(behind)].filter((day) => day <= latest.to).toSorted(),
    interactions: currentInteractions(base, own, snapshot, kept),
    recent,
    baselines,
    lineage: lineageOf(judged, settings),
  });
}

function hasDrifted({ groups }: FeaturesProfile): boolean {
  return featureGroups.some((group) =>
    Object.values(groups[group].features).some(({ drift }) => drift?.drifted),
  );
}

/** Points training to the split, unless that of a later day is there. */
async function pointTraining(
  { features: { attempt: build, as_of } }: FeaturesManifest,
  manifest: string,
  { pointers }: AcceptPorts,
): Promise<void> {
  const system = featurePointers.training;
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await pointers.read(system);
    if (current !== undefined && Date.parse(current.as_of) > Date.parse(as_of)) return;
    if (current?.build === build) return;
    const generation = (current?.generation ?? 0) + 1;
    if (await pointers.replace({ system, build, as_of, manifest, generation })) return;
  }
  throw new ObjectBusy(`other runs switched the pointer to the training data ${TRIES} times in a row`);
}
