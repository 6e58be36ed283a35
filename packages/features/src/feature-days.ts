import type { FeaturePlan } from "@penstock/contracts";

/** The first day whose interactions get their features: the run's own, or an earlier one that has changed since. */
export function firstFeatureDay({ from, clean_from }: Pick<FeaturePlan, "from" | "clean_from">): string {
  return from < clean_from ? from : clean_from;
}
