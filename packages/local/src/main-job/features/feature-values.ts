import { type FeatureProfile, type FeaturesProfile, featureGroups } from "@penstock/contracts";
import { percent } from "../prod/figures.ts";

/** A feature by the name of its group and its own, with what is known of its values. */
export interface NamedFeature {
  /** `user.recency_days` */
  readonly name: string;
  readonly profile: FeatureProfile;
}

/** All features of a run, in the order of their contracts. */
export function featuresOf({ groups }: Pick<FeaturesProfile, "groups">): NamedFeature[] {
  return featureGroups.flatMap((group) =>
    Object.entries(groups[group].features).map(([name, profile]) => ({
      name: `${group}.${name}`,
      profile,
    })),
  );
}

/** A number with as many digits as say something: four. */
export function shortNumber(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 10 });
}

/** The commonest values of a category with their shares: `garden 12 %, toys 9.1 %`. */
export function commonest({ bins }: FeatureProfile, most: number): string {
  return bins
    .flatMap((bin) => (bin.of === "value" && bin.rows > 0 ? [bin] : []))
    .toSorted((left, right) => right.rows - left.rows)
    .slice(0, most)
    .map(({ value, share }) => `${value} ${percent(share)}`)
    .join(", ");
}
