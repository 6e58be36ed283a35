import * as v from "valibot";
import { FeatureSet } from "./features-manifest.ts";
import { FeatureAttempt, FeatureRunId, type featureGroups } from "./run-names.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(v.number(), v.finite());
const share = v.pipe(number, v.minValue(0), v.maxValue(1));

/** A bin of the rows of a feature: nulls have one of their own. */
const Bin = v.variant("of", [
  /** Numbers up to and with this one, and above the bin before; null for those above all. */
  v.strictObject({ of: v.literal("numbers"), up_to: v.nullable(number), rows: count, share }),
  v.strictObject({ of: v.literal("value"), value: v.string(), rows: count, share }),
  /** All values without a bin of their own. */
  v.strictObject({ of: v.literal("rest"), rows: count, share }),
  v.strictObject({ of: v.literal("null"), rows: count, share }),
]);
export type FeatureBin = v.InferOutput<typeof Bin>;

/** How a feature differs from the baseline's. */
export const FeatureDrift = v.strictObject({
  /** Population stability index over the baseline's bins; 0.1 is little, 0.25 much. */
  psi: v.pipe(number, v.minValue(0)),
  /** An index that two samples of these sizes and of one population exceed once in a thousand times. */
  psi_chance: v.pipe(number, v.minValue(0)),
  /**
   * Greatest distance of the two cumulative distributions of what is not null, exact. Null for a category, which has no
   * order, and where one side has nothing.
   */
  ks: v.nullable(share),
  /** As `psi_chance`; 1 at most. */
  ks_chance: v.nullable(share),
  /** One of both is at its limit or above, and above what chance does. */
  drifted: v.boolean(),
});
export type FeatureDrift = v.InferOutput<typeof FeatureDrift>;

/** What is known of the values of one feature. */
export const FeatureProfile = v.strictObject({
  kind: v.picklist(["number", "category"]),
  /**
   * `null_everywhere`: null in every row though its sources are there, or were for the baseline. `absent`: the sources have
   * nothing either.
   */
  state: v.picklist(["present", "absent", "null_everywhere"]),
  nulls: count,
  share_null: share,
  distinct: count,
  /** Of numbers, over those that are not null; all null without any. */
  mean: v.nullable(number),
  deviation: v.nullable(number),
  least: v.nullable(number),
  greatest: v.nullable(number),
  /** The nine deciles in ascending order, each the least value that so many do not exceed; empty for categories and without values. */
  deciles: v.array(number),
  /** By the deciles, or the commonest values, of the baseline; of these rows where there is none. */
  bins: v.array(Bin),
  /** Null without a baseline of this feature, and where the days are too few to compare it. */
  drift: v.nullable(FeatureDrift),
});
export type FeatureProfile = v.InferOutput<typeof FeatureProfile>;

/** The features of a group: how many rows, and each feature by name. */
export const GroupProfile = v.strictObject({
  rows: count,
  features: v.record(v.string(), FeatureProfile),
});

/** Completeness, distribution and drift of an attempt's features, at `profileKey`. */
export const FeaturesProfile = v.strictObject({
  run_id: FeatureRunId,
  attempt: FeatureAttempt,
  /** The features that this is the profile of. */
  features: FeatureSet,
  /** The attempt whose features are the baseline; null without one. */
  baseline: v.nullable(FeatureAttempt),
  groups: v.strictObject({
    user: GroupProfile,
    item: GroupProfile,
    interaction: GroupProfile,
  } satisfies Record<(typeof featureGroups)[number], typeof GroupProfile>),
});
export type FeaturesProfile = v.InferOutput<typeof FeaturesProfile>;
