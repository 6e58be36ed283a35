import { featureGroups, featurePointers, featureTables } from "@penstock/contracts";
import { ObjectBusy, type ObjectStore } from "@penstock/runtime";
import { type Accepted, acceptedSince, currentManifest } from "./accepted-attempts.ts";
import type { FeatureCatalogue } from "./feature-catalogue.ts";
import { daysInWords } from "./feature-days.ts";
import type { FeaturePointers } from "./feature-pointers.ts";

/** How often others may switch the pointer while the tables are told of it. */
const TRIES = 5;

/**
 * The tables say whose features are the latest, what these were made of, and of each day's interactions whose are current.
 * Said by what the pointer names while it is said: where somebody switches it meanwhile, it is said again.
 *
 * @param own the acceptance of the attempt that was just accepted
 */
export async function annotateCurrent(
  own: Accepted,
  {
    store,
    catalogue,
    pointers,
  }: {
    readonly store: Pick<ObjectStore, "getJson">;
    readonly catalogue: FeatureCatalogue;
    readonly pointers: FeaturePointers;
  },
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await currentManifest(await pointers.read(featurePointers.latest), store);
    if (current === null) return;
    const { latest, interactions } = current.manifest;
    const known = await acceptedSince(own.at.generation - 1, current, store);
    const made = known.find(({ manifest }) => manifest.attempt === latest.attempt);
    // Of features that were the latest before this attempt the tables tell already, unless it has just said otherwise.
    if (made !== undefined) await annotateLatest(made, catalogue);
    await catalogue.annotate(featureTables.interaction.name, { "penstock.days": daysInWords(interactions) });
    const after = await pointers.read(featurePointers.latest);
    if (after?.generation === current.at.generation) return;
  }
  throw new ObjectBusy(`other runs switched the pointer to the current features ${TRIES} times in a row`);
}

async function annotateLatest(
  { manifest: { attempt, features, lineage } }: Accepted,
  catalogue: FeatureCatalogue,
): Promise<void> {
  for (const group of featureGroups)
    await catalogue.annotate(featureTables[group].name, {
      "penstock.features.version": String(features[group].version),
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
