import { type FeatureSet, FeaturesManifest, featuresManifestKey, featureTables } from "@penstock/contracts";
import { s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { FeatureCatalogue } from "./feature-catalogue.ts";
import { isLater } from "./feature-order.ts";
import type { FeaturesPorts } from "./ports.ts";

/** An attempt's name is its run's, a hyphen and eight digits. */
const DIGITS = 9;

/** The features of a later attempt of the same run that has been accepted; undefined where there is none. */
export async function laterAttempt(
  features: FeatureSet,
  {
    store,
    settings,
    catalogue,
  }: Pick<FeaturesPorts, "store" | "settings"> & { readonly catalogue: FeatureCatalogue },
): Promise<FeatureSet | undefined> {
  const known = await catalogue.partitions(featureTables.user.name);
  const others = known
    .map(({ values: [, , other = ""] }) => other)
    .filter((other) => other !== features.attempt && other.slice(0, -DIGITS) === features.run_id);
  for (const other of others) {
    const manifest = s3Uri(settings.features, featuresManifestKey(other));
    if ((await store.head(manifest)) === undefined) continue;
    const theirs = v.parse(FeaturesManifest, await store.getJson(manifest)).features;
    if (isLater(theirs, features)) return theirs;
  }
  return undefined;
}
