import {
  cleanGlueTable,
  cleanTables,
  type FeaturesManifest,
  featureGroups,
  featurePointers,
  featureTables,
} from "@penstock/contracts";
import { inParallel, isS3Uri, type ObjectStore } from "@penstock/runtime";
import { type Accepted, currentManifest, manifestAt } from "./accepted-attempts.ts";
import type { FeatureCatalogue, KnownPartition } from "./feature-catalogue.ts";
import type { FeaturePointers } from "./feature-pointers.ts";

/**
 * A candidate that is not accepted is its run's own business for as long as an execution may go on, redrives included; what
 * failed for good goes after it.
 */
const CANDIDATE_DAYS = 14;
const DAY_MS = 86_400_000;
/** An attempt's name is its run's, a hyphen and eight digits. */
const DIGITS = 9;

/** What stays in the catalogue is what is current and what was before that; what was before both goes. */
interface Standing {
  readonly kept: readonly FeaturesManifest[];
  readonly gone: FeaturesManifest | null;
}

/**
 * Removes from the catalogue what nobody reads any more; the objects expire by themselves. The rule is the same for clean
 * rows and for the features of interactions, which are current by the day: what is current stays, and what was before it,
 * for those who are reading still. Of users and products each day's features stay, of the last attempt of each run.
 *
 * @param attempt the one that now stands for its run: others of the same run are superseded
 */
export async function removeSuperseded(
  attempt: string,
  {
    store,
    catalogue,
    pointers,
    settings,
    now,
  }: {
    readonly store: Pick<ObjectStore, "getJson" | "head">;
    readonly catalogue: FeatureCatalogue;
    readonly pointers: FeaturePointers;
    readonly settings: { readonly featureDays: number };
    readonly now: () => Date;
  },
): Promise<void> {
  const current = await currentManifest(await pointers.read(featurePointers.latest), store);
  const before = current === null ? null : await beforeIt(current, store);
  const third = before === null ? null : await beforeIt(before, store);
  const standing: Standing = {
    kept: [current, before].flatMap((one) => (one === null ? [] : [one.manifest])),
    gone: third?.manifest ?? null,
  };
  const daysAgo = (days: number) => new Date(now().getTime() - days * DAY_MS);
  await removeSnapshots(standing, daysAgo(CANDIDATE_DAYS), catalogue);
  await removeFeatures(
    attempt,
    standing,
    { failed: daysAgo(CANDIDATE_DAYS), expired: daysAgo(settings.featureDays) },
    catalogue,
  );
}

/** What was current before; null for the first, and where its manifest has expired. */
async function beforeIt(
  { manifest: { before } }: Accepted,
  store: Pick<ObjectStore, "getJson" | "head">,
): Promise<Accepted | null> {
  if (before === null || !isS3Uri(before.manifest)) return null;
  return (await store.head(before.manifest)) === undefined ? null : manifestAt(before, store);
}

async function removeSnapshots(
  { kept, gone }: Standing,
  failed: Date,
  catalogue: FeatureCatalogue,
): Promise<void> {
  const table = (name: keyof typeof cleanTables) => cleanGlueTable(cleanTables[name]).name;
  const keep = new Set(kept.map(({ attempt }) => attempt));
  const users = await catalogue.partitions(table("users"));
  const superseded = users.filter(
    ({ values: [snapshot = ""], createdAt }) =>
      !keep.has(snapshot) && (snapshot === gone?.attempt || createdAt < failed),
  );
  // What tells of a snapshot goes last, so that a removal that is cut short is taken up by the next.
  await inParallel(superseded, async ({ values: [snapshot = ""] }) => {
    const days = await catalogue.partitions(table("interactions"), snapshot);
    await catalogue.remove(
      table("interactions"),
      days.map(({ values }) => values),
    );
    await catalogue.remove(table("products"), [[snapshot]]);
    await catalogue.remove(table("users"), [[snapshot]]);
  });
}

async function removeFeatures(
  attempt: string,
  { kept, gone }: Standing,
  { failed, expired }: { readonly failed: Date; readonly expired: Date },
  catalogue: FeatureCatalogue,
): Promise<void> {
  const keep = new Set([attempt, ...kept.flatMap((one) => Object.keys(one.interactions.attempts))]);
  const past = new Set(Object.keys(gone?.interactions.attempts ?? {}));
  const run = attempt.slice(0, -DIGITS);
  const isOfRun = (other: string) => other !== attempt && other.slice(0, -DIGITS) === run;
  const isGone = {
    // One of the same run may hold days that the last one did not compute.
    interaction: (other: string, createdAt: Date) =>
      !keep.has(other) && (past.has(other) || isOfRun(other) || createdAt < failed),
    user: isOfRun,
    item: isOfRun,
  };
  await inParallel(featureGroups, async (group) => {
    const { name } = featureTables[group];
    const known = await catalogue.partitions(name);
    const superseded = known.filter(
      ({ values: [, , other = ""], createdAt }: KnownPartition) =>
        createdAt < expired || isGone[group](other, createdAt),
    );
    await catalogue.remove(
      name,
      superseded.map(({ values }) => values),
    );
  });
}
