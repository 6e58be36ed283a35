import {
  cleanGlueTable,
  cleanTables,
  type FeatureSet,
  featureGroups,
  featureTables,
} from "@penstock/contracts";
import { inParallel } from "@penstock/runtime";
import type { FeatureCatalogue } from "./feature-catalogue.ts";

/**
 * A candidate that is not accepted is its run's own business for as long as an execution may go on, redrives included; what
 * failed for good goes after it.
 */
const CANDIDATE_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Removes snapshots of clean rows that nobody reads any more from the catalogue; the rows themselves expire.
 *
 * @param superseded was current before the one before; null where there is none
 */
export async function removeSnapshots(
  {
    superseded,
    keep,
    now,
  }: { readonly superseded: string | null; readonly keep: readonly string[]; readonly now: Date },
  catalogue: FeatureCatalogue,
): Promise<void> {
  const table = (name: keyof typeof cleanTables) => cleanGlueTable(cleanTables[name]).name;
  const users = await catalogue.partitions(table("users"));
  const gone = users.filter(({ values: [snapshot = ""], createdAt }) => {
    const age = now.getTime() - createdAt.getTime();
    // An attempt that is accepted once more after another may be what was current before that one.
    return !keep.includes(snapshot) && (snapshot === superseded || age > CANDIDATE_DAYS * DAY_MS);
  });
  // What tells of a snapshot goes last, so that a removal that is cut short is taken up by the next.
  await inParallel(gone, async ({ values: [snapshot = ""] }) => {
    const days = await catalogue.partitions(table("interactions"), snapshot);
    await catalogue.remove(
      table("interactions"),
      days.map(({ values }) => values),
    );
    await catalogue.remove(table("products"), [[snapshot]]);
    await catalogue.remove(table("users"), [[snapshot]]);
  });
}

/**
 * Removes from the catalogue the features of earlier attempts of the same run, which are superseded, and those whose objects
 * have expired.
 */
export async function removeFeatures(
  { attempt, run_id }: Pick<FeatureSet, "attempt" | "run_id">,
  { now, featureDays }: { readonly now: Date; readonly featureDays: number },
  catalogue: FeatureCatalogue,
): Promise<void> {
  const oldest = new Date(now.getTime() - featureDays * DAY_MS);
  await inParallel(featureGroups, async (group) => {
    const { name } = featureTables[group];
    const known = await catalogue.partitions(name);
    const gone = known.filter(({ values: [, , other = ""], createdAt }) => {
      const isOfRun = other !== attempt && other.slice(0, -9) === run_id;
      return isOfRun || createdAt < oldest;
    });
    await catalogue.remove(
      name,
      gone.map(({ values }) => values),
    );
  });
}
