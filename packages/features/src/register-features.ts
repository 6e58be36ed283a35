import { type FeatureGroup, type FeatureSet, featureTables } from "@penstock/contracts";
import { ContractViolation } from "@penstock/runtime";
import type { FeatureCatalogue } from "./feature-catalogue.ts";

/** The partition of an attempt in the tables of features: where its objects lie, all in the folder of one try. */
export async function registerFeatures(
  features: FeatureSet,
  groups: readonly FeatureGroup[],
  catalogue: FeatureCatalogue,
): Promise<void> {
  for (const group of groups) {
    const { objects, version } = features[group];
    const folders = new Set(objects.map(({ uri }) => uri.slice(0, uri.lastIndexOf("/") + 1)));
    const [location, ...others] = folders;
    if (others.length > 0)
      throw new ContractViolation(
        `the ${group} features of ${features.attempt} lie in ${folders.size} folders`,
      );
    if (location === undefined) continue;
    const values = [String(version), features.to, features.attempt];
    await catalogue.register(featureTables[group].name, [{ values, location }]);
  }
}
