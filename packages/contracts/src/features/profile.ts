import * as v from "valibot";
import { isoDate } from "../actions/iso-date.ts";
import { FeatureAttempt, FeatureRunId, type featureGroups } from "./run-names.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(v.number(), v.finite());
const share = v.pipe(number, v.minValue(0), v.maxValue(1));

/** A bin of the rows of a feature: a share of them, nulls among them in a bin of their own. */
const Bin = v.strictObject({
  /** Up to and with this number, or this value; null for the last bin of numbers, `rest` and `null` where named so. */
  upTo: v.nullable(v.union([number, v.string()])),
  rows: count,
  share,
});

/** How a feature differs from the baseline's. */
export const FeatureDrift = v.strictObject({
  /** Population stability index over the baseline's bins; 0.1 is little, 0.25 much. */
  psi: v.pipe(number, v.minValue(0)),
  /** Greatest distance of the two cumulative distributions, exact; null for a category, which has no order. */
  ks: v.nullable(share),
  drifted: v.boolean(),
});

/** What is known of the values of one feature. */
export const FeatureProfile = v.strictObject({
  kind: v.picklist(["number", "category"]),
  /** `null_everywhere`: null in every row though its sources are there. `absent`: the sources have nothing either. */
  state: v.picklist(["present", "absent", "null_everywhere"]),
  nulls: count,
  share_null: share,
  distinct: count,
  /** Of numbers, over those that are not null; all null without any. */
  mean: v.nullable(number),
  deviation: v.nullable(number),
  least: v.nullable(number),
  greatest: v.nullable(number),
  /** The nine deciles in ascending order; empty for categories and without values. */
  deciles: v.array(number),
  /** Rows by decile, or by the commonest values, the rest and nulls. */
  bins: v.array(Bin),
  /** Null without a baseline of this feature. */
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
  from: isoDate,
  to: isoDate,
  /** The attempt whose features are the baseline; null without one. */
  baseline: v.nullable(FeatureAttempt),
  groups: v.strictObject({
    user: GroupProfile,
    item: GroupProfile,
    interaction: GroupProfile,
  } satisfies Record<(typeof featureGroups)[number], typeof GroupProfile>),
});
export type FeaturesProfile = v.InferOutput<typeof FeaturesProfile>;
