import { featureModes } from "@penstock/contracts";
import { isS3Uri, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

const isoDate = v.pipe(v.string(), v.isoDate());
const moment = v.pipe(v.string(), v.isoTimestamp());
const uri = v.custom<S3Uri>(isS3Uri, "an S3 URI");

/** What the sync of the catalogue is given: nothing, for it takes what is there when it runs. */
export const SyncCatalogueInput = v.strictObject({});
export type SyncCatalogueInput = v.InferOutput<typeof SyncCatalogueInput>;

/** What Plan is given: the execution and what it was started with; absent and null are the same. */
export const PlanFeaturesInput = v.strictObject({
  /** The execution's ARN: a redrive goes on in the same attempt. */
  execution_id: v.pipe(v.string(), v.minLength(1)),
  started_at: moment,
  mode: v.picklist(featureModes),
  /** The schedule's own time; absent when started by hand. */
  scheduled_at: v.nullish(moment, null),
  start_date: v.nullish(isoDate, null),
  end_date: v.nullish(isoDate, null),
  output_path: v.nullish(uri, null),
  validate_only: v.nullish(v.boolean(), null),
});
export type PlanFeaturesInput = v.InferOutput<typeof PlanFeaturesInput>;

/** What the tasks after Plan are given: where it wrote what is to be done. */
export const PlannedInput = v.strictObject({ plan: uri });
export type PlannedInput = v.InferOutput<typeof PlannedInput>;

/** What each landing is given: which of the plan's slices it lands. */
export const LandInteractionsInput = v.strictObject({
  plan: uri,
  slice: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type LandInteractionsInput = v.InferOutput<typeof LandInteractionsInput>;

/** What the candidate is given: the plan, and where cleaning wrote its answers. */
export const CatalogueCandidateInput = v.strictObject({ plan: uri, result: uri });
export type CatalogueCandidateInput = v.InferOutput<typeof CatalogueCandidateInput>;

/**
 * In which folder each UNLOAD wrote at last. A query of the candidate has `{try}` in its destination: UNLOAD needs an empty
 * one, and leaves what it wrote when it fails, so that each try needs a name of its own: redrives and retries, `0-0`.
 */
const TryName = v.pipe(v.string(), v.regex(/^\d+-\d+$/, "redrives and retries, such as 0-0"));

/** What profiling is given: the plan, and the folder of each group's query. */
export const ProfileFeaturesInput = v.strictObject({
  plan: uri,
  tries: v.strictObject({ user: TryName, item: TryName, interaction: TryName }),
});
export type ProfileFeaturesInput = v.InferOutput<typeof ProfileFeaturesInput>;

/**
 * A piece of an attempt's features: rows of one object, from `start` up to but not including `end`. `gone`: of the ids whose
 * features are to be taken away.
 */
export const PublishSlice = v.strictObject({
  group: v.picklist(["user", "item"]),
  uri,
  start: v.pipe(v.number(), v.integer(), v.minValue(0)),
  end: v.pipe(v.number(), v.integer(), v.minValue(1)),
  gone: v.optional(v.literal(true)),
});
export type PublishSlice = v.InferOutput<typeof PublishSlice>;

/** What a worker of the publication is given. */
export const PublishOnlineInput = v.strictObject({ plan: uri, slices: v.array(PublishSlice) });
export type PublishOnlineInput = v.InferOutput<typeof PublishOnlineInput>;

/** What the acceptance is given: the plan, and the folder of the split where there is one. */
export const AcceptFeaturesInput = v.strictObject({ plan: uri, split_try: v.nullish(TryName, null) });
export type AcceptFeaturesInput = v.InferOutput<typeof AcceptFeaturesInput>;
