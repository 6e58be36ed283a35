import path from "node:path";
import {
  CleanSnapshot,
  type FeatureGroup,
  type FeaturePlan,
  type FeatureProfile,
  type FeatureSet,
  FeaturesManifest,
  FeaturesProfile,
  featureGroups,
  featureTables,
  profileKey,
  slicesKey,
  snapshotKey,
} from "@penstock/contracts";
import {
  ContractViolation,
  type DuckSession,
  identifier,
  isS3Uri,
  parseS3Uri,
  type S3Uri,
  s3Uri,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import { cleanRows } from "./catalogue-candidate.ts";
import { type NullFeature, withEvidence } from "./evidence.ts";
import type { FeatureCatalogue } from "./feature-catalogue.ts";
import { fetchObjects, objectsBelow, tableObjects, tryPrefix, viewOfRows } from "./feature-objects.ts";
import { lostFeatures } from "./lost-features.ts";
import { inOneFunction } from "./one-function.ts";
import { onlineGroups } from "./online-store.ts";
import type { FeaturesPorts } from "./ports.ts";
import { type MeasuredFeature, profileFeature } from "./profile-feature.ts";
import { readPlan } from "./read-plan.ts";
import { registerFeatures } from "./register-features.ts";
import { daysFrom } from "./run-window.ts";
import { takenBack, takenBackKey } from "./taken-back.ts";
import type { ProfileFeaturesInput, PublishSlice } from "./task-inputs.ts";

export interface ProfilePorts extends FeaturesPorts {
  readonly catalogue: FeatureCatalogue;
}

/** What the profile of an attempt's features says, for the state machine; features as `user.recency_days`. */
export interface ProfiledFeatures {
  readonly profile: S3Uri;
  /** Null in every row although the sources have what they are made of, or had it in the baseline: this stops the run. */
  readonly null_everywhere: readonly string[];
  /** Null in every row because the sources have nothing: told, and not published. */
  readonly absent: readonly string[];
  readonly drifted: readonly string[];
  readonly rows: Readonly<Record<FeatureGroup, number>>;
  /** Of all features; null without a baseline. */
  readonly greatest_psi: number | null;
  /** A JSON array of pieces of the user and item features, for the Map that publishes them. */
  readonly slices: S3Uri;
}

/**
 * Measures the features that an attempt computed, and writes their profile: how complete they are, how they are
 * distributed, and how far from the baseline's, which is the last accepted run of the same mode. Their objects are told
 * in it, so that everything after it speaks of the same ones; the interactions' are registered, for the split to read.
 *
 * @throws ContractViolation when there is not one row per clean interaction of the days, or a number is not finite;
 *   TooLarge for more rows, those of the baseline among them, than one function takes
 */
export async function profileFeatures(
  input: ProfileFeaturesInput,
  ports: ProfilePorts,
): Promise<ProfiledFeatures> {
  const { store, settings } = ports;
  const plan = await readPlan(store, input.plan);
  const place = s3Uri(settings.features, snapshotKey(plan.attempt));
  const snapshot = v.parse(CleanSnapshot, await store.getJson(place));
  const baseline = await baselineOf(plan, ports);
  const own = cleanRows(snapshot, { from: plan.clean_from, to: plan.clean_to });
  const rows = own + (baseline?.interaction.rows ?? 0);
  const most = settings.oneFunction.profiledRows;
  return inOneFunction(`the features of ${plan.run_id} and their baseline`, { rows, most }, () =>
    measure(input, { plan, snapshot, baseline }, ports),
  );
}

async function measure(
  { tries }: Pick<ProfileFeaturesInput, "tries">,
  {
    plan,
    snapshot,
    baseline,
  }: { readonly plan: FeaturePlan; readonly snapshot: CleanSnapshot; readonly baseline: FeatureSet | null },
  ports: ProfilePorts,
): Promise<ProfiledFeatures> {
  const { store, settings } = ports;
  const { attempt, to } = plan;
  await using work = await workDirectory();
  await using session = await ports.openSession(path.join(work.path, "spill"));

  const objects: Partial<Record<FeatureGroup, FeatureSet[FeatureGroup]>> = {};
  const measured: { group: FeatureGroup; name: string; rows: number; profile: MeasuredFeature }[] = [];
  let before: FeatureSet | null = baseline;
  const withBaseline = new Set<FeatureGroup>();
  for (const group of featureGroups) {
    const table = featureTables[group];
    const uris = await objectsBelow(
      tryPrefix(settings.features, group, { to, attempt, tried: tries[group] }),
      store,
    );
    const now = await fetchObjects(uris, path.join(work.path, group), { store, session });
    objects[group] = tableObjects(group, now.objects);
    await session.run(`CREATE VIEW ${identifier(group)} AS ${viewOfRows(table.columns, now.files)}`);
    const beforeView = `${group}_before`;
    const beforeFiles = await baselineFiles(before, group, path.join(work.path, beforeView), ports, session);
    if (beforeFiles === null) before = null;
    else {
      await session.run(`CREATE VIEW ${beforeView} AS ${viewOfRows(table.columns, beforeFiles)}`);
      withBaseline.add(group);
    }
    const sides = beforeFiles === null || before === null ? [] : [plan, before];
    const days =
      sides.length === 0 ? 0 : Math.min(...sides.map((side) => daysFrom(side.from, side.to).length));
    for (const feature of table.features) {
      const views = { now: group, before: days >= (feature.comparedOver ?? 1) ? beforeView : null };
      const profile = await profileFeature(group, feature, views, settings.drift, session);
      measured.push({ group, name: feature.name, rows: objects[group].rows, profile });
    }
  }
  const { user, item, interaction } = objects;
  if (user === undefined || item === undefined || interaction === undefined)
    throw new Error("a group of features was not profiled");
  mustBeWhole(plan, snapshot, interaction.rows);

  const nulls = measured.flatMap(({ group, name, rows, profile }): NullFeature[] => {
    const feature = featureTables[group].features.find((one) => one.name === name);
    return feature !== undefined && rows > 0 && profile.nulls === rows ? [{ group, feature }] : [];
  });
  const compared = nulls.filter(({ group }) => withBaseline.has(group));
  const evident = await withEvidence(
    nulls,
    { snapshot, bucket: settings.features, to },
    { store, session, folder: path.join(work.path, "evidence") },
  );
  const defects = [...evident, ...(await lostFeatures(compared, session))];
  const isOf = (list: readonly NullFeature[], group: FeatureGroup, name: string) =>
    list.some((one) => one.group === group && one.feature.name === name);
  const stateOf = (group: FeatureGroup, name: string): FeatureProfile["state"] => {
    if (isOf(defects, group, name)) return "null_everywhere";
    return isOf(nulls, group, name) ? "absent" : "present";
  };
  const profileOf = (group: FeatureGroup, rows: number) => ({
    rows,
    features: Object.fromEntries(
      measured
        .filter((one) => one.group === group)
        .map(({ name, profile }): [string, FeatureProfile] => [
          name,
          { state: stateOf(group, name), ...profile },
        ]),
    ),
  });
  const groups = {
    user: profileOf("user", user.rows),
    item: profileOf("item", item.rows),
    interaction: profileOf("interaction", interaction.rows),
  };
  const profile = s3Uri(settings.features, profileKey(attempt));
  const { run_id, from, as_of, looked_at: planned_at } = plan;
  const features: FeatureSet = { attempt, run_id, from, to, as_of, planned_at, user, item, interaction };
  const written: FeaturesProfile = {
    run_id,
    attempt,
    features,
    baseline: before?.attempt ?? null,
    groups,
  };
  await store.putJson(profile, v.parse(FeaturesProfile, written));
  // The table says where the split finds them: in the folder of the try that succeeded.
  await registerFeatures(features, ["interaction"], ports.catalogue);
  const slices = s3Uri(settings.features, slicesKey(attempt));
  const gone = await takenBack(plan, snapshot, {
    store,
    session,
    folder: path.join(work.path, "taken-back"),
    bucket: settings.features,
  });
  const goneAt = s3Uri(settings.features, takenBackKey(attempt));
  if (gone.user.length + gone.item.length > 0) await store.putJson(goneAt, gone);
  const { sliceRows } = settings.online;
  const pieces = onlineGroups.flatMap((group) =>
    piecesOf({ group, uri: goneAt, rows: gone[group].length, sliceRows }).map((piece) => ({
      ...piece,
      gone: true,
    })),
  );
  await store.putJson(slices, [...slicesOf(features, sliceRows), ...pieces]);
  const names = (is: (one: FeatureProfile) => boolean) =>
    featureGroups.flatMap((group) =>
      Object.entries(groups[group].features).flatMap(([name, one]) => (is(one) ? [`${group}.${name}`] : [])),
    );
  return {
    profile,
    null_everywhere: names(({ state }) => state === "null_everywhere"),
    absent: names(({ state }) => state === "absent"),
    drifted: names(({ drift }) => drift?.drifted ?? false),
    rows: { user: user.rows, item: item.rows, interaction: interaction.rows },
    greatest_psi: measured.reduce<number | null>(
      (most, { profile: { drift } }) => (drift === null ? most : Math.max(most ?? 0, drift.psi)),
      null,
    ),
    slices,
  };
}

/** The features that drift is measured against; null where none of this mode were accepted, or of another version. */
async function baselineOf(
  { base, mode }: FeaturePlan,
  { store }: Pick<FeaturesPorts, "store">,
): Promise<FeatureSet | null> {
  if (base === null) return null;
  const { baselines } = v.parse(FeaturesManifest, await store.getJson(base.manifest));
  const found = baselines[mode];
  const isOfNow = featureGroups.every((group) => found?.[group].version === featureTables[group].version);
  return isOfNow ? found : null;
}

/** The baseline's objects on local disk; null where there is none any more: it may be older than the bucket keeps. */
async function baselineFiles(
  baseline: FeatureSet | null,
  group: FeatureGroup,
  folder: string,
  { store }: Pick<FeaturesPorts, "store">,
  session: DuckSession,
): Promise<readonly string[] | null> {
  if (baseline === null) return null;
  const uris = baseline[group].objects.map(({ uri }) => uri).filter(isS3Uri);
  const there = await Promise.all(uris.map((uri) => store.head(uri)));
  if (there.includes(undefined)) return null;
  return (await fetchObjects(uris, folder, { store, session })).files;
}

/** Every clean interaction of the days has its features, once: partitions that are gone would leave rows out silently. */
function mustBeWhole({ clean_from, clean_to }: FeaturePlan, snapshot: CleanSnapshot, found: number): void {
  const expected = cleanRows(snapshot, { from: clean_from, to: clean_to });
  if (found !== expected)
    throw new ContractViolation(
      `${found} interactions have features, and the clean days from ${clean_from} to ${clean_to} hold ${expected}; run the whole again`,
    );
}

/** Pieces of the objects, each small enough for a worker. */
function slicesOf(features: FeatureSet, sliceRows: number): PublishSlice[] {
  return onlineGroups.flatMap((group) =>
    features[group].objects.flatMap(({ uri, rows }) => {
      const { bucket, key } = parseS3Uri(uri);
      return piecesOf({ group, uri: s3Uri(bucket, key), rows, sliceRows });
    }),
  );
}

function piecesOf({
  group,
  uri,
  rows,
  sliceRows,
}: Pick<PublishSlice, "group" | "uri"> & {
  readonly rows: number;
  readonly sliceRows: number;
}): PublishSlice[] {
  return Array.from({ length: Math.ceil(rows / sliceRows) }, (_, at) => ({
    group,
    uri,
    start: at * sliceRows,
    end: Math.min(rows, (at + 1) * sliceRows),
  }));
}
