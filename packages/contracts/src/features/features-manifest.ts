import * as v from "valibot";
import { isoDate } from "../actions/iso-date.ts";
import { FeatureAttempt, FeatureRunId, featureModes } from "./run-names.ts";
import { LaterCatalogue } from "./validation-report.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const uri = v.pipe(v.string(), v.regex(/^s3:\/\/[^/]+\//, "an S3 URI"));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits"));
const moment = v.pipe(v.string(), v.isoTimestamp());

/** One day of clean interactions: whose attempt wrote it, of which raw objects. */
export const CleanDay = v.strictObject({
  attempt: FeatureAttempt,
  rows: count,
  /** Of the raw objects that the day was landed from. */
  digest: v.string(),
  /**
   * The digests of the days before it that it was cleaned with, since what repeats these is left out of it; days without a
   * raw object are not among them. Where a day's digest is another one now, this day is to be cleaned again.
   */
  look_back: v.record(isoDate, v.string()),
  /** When the raw objects were looked at: of two attempts that hold a day the later look is right. */
  planned_at: moment,
  /** When the oldest of the raw objects came: retention takes none of them before its days are over. Absent without any. */
  raw_from: v.optional(moment),
});
export type CleanDay = v.InferOutput<typeof CleanDay>;

/** Clean rows of a catalogue: whose attempt wrote them, of which day's snapshot. */
export const CleanCatalogue = v.strictObject({
  attempt: FeatureAttempt,
  rows: count,
  /** The day of the snapshot; null where no snapshot was there. */
  date: v.nullable(isoDate),
  planned_at: moment,
});
export type CleanCatalogue = v.InferOutput<typeof CleanCatalogue>;

/** What the snapshot of an attempt is made of. */
export const CleanSnapshot = v.strictObject({
  days: v.record(isoDate, CleanDay),
  products: CleanCatalogue,
  users: CleanCatalogue,
});
export type CleanSnapshot = v.InferOutput<typeof CleanSnapshot>;

/** One object of a table of features. */
export const FeatureObject = v.strictObject({ uri, rows: count, bytes: count });
export type FeatureObject = v.InferOutput<typeof FeatureObject>;

/** The features of a group as an attempt wrote them. */
export const FeatureTableObjects = v.strictObject({
  /** Of the group's contract. */
  version: v.pipe(count, v.minValue(1)),
  rows: count,
  bytes: count,
  objects: v.array(FeatureObject),
});
export type FeatureTableObjects = v.InferOutput<typeof FeatureTableObjects>;

/** The features of an attempt, all groups as of one moment. */
export const FeatureSet = v.strictObject({
  attempt: FeatureAttempt,
  run_id: FeatureRunId,
  from: isoDate,
  to: isoDate,
  /**
   * Midnight after `to`: nothing that happened then or later is in what is told of users and products. Interactions are told
   * as of themselves, those of days around `from` and `to` that had to be computed again among them.
   */
  as_of: moment,
  /** When the raw objects were looked at: of two of the same moment the later look is right. */
  planned_at: moment,
  user: FeatureTableObjects,
  item: FeatureTableObjects,
  interaction: FeatureTableObjects,
});
export type FeatureSet = v.InferOutput<typeof FeatureSet>;

/** Whose interaction features are current for a day. */
export const FeatureDay = v.strictObject({
  attempt: FeatureAttempt,
  /** Interactions of the day that have features. */
  rows: count,
  /** When that attempt looked at the raw objects. */
  planned_at: moment,
  /**
   * Clean rows of the day, or of one before it, are others than those that these features were computed from: a run took in
   * something earlier, and did not compute this day again. The next weekly run does.
   */
  behind: v.boolean(),
});
export type FeatureDay = v.InferOutput<typeof FeatureDay>;

/** Of each day's interactions the features that are current; all else that lies in the table for the day is superseded. */
export const InteractionFeatures = v.strictObject({
  days: v.record(isoDate, FeatureDay),
  /** The objects of every attempt that holds a day; of other days' rows in them others are current. */
  attempts: v.record(FeatureAttempt, FeatureTableObjects),
});
export type InteractionFeatures = v.InferOutput<typeof InteractionFeatures>;

/** One acceptance: the attempt, and the manifest by which it became current. */
export const Acceptance = v.strictObject({
  attempt: FeatureAttempt,
  manifest: uri,
  /** Of the pointer. */
  generation: v.pipe(count, v.minValue(1)),
});
export type Acceptance = v.InferOutput<typeof Acceptance>;

const perMode = v.strictObject({
  daily: v.nullable(FeatureSet),
  weekly: v.nullable(FeatureSet),
  range: v.nullable(FeatureSet),
} satisfies Record<(typeof featureModes)[number], unknown>);

const Input = v.strictObject({ uri, etag: v.string(), bytes: count });
/** The day of the last snapshot of a catalogue, null without any, and all objects of it that were read. */
const CatalogueInput = v.strictObject({ date: v.nullable(isoDate), objects: v.array(Input) });

/** What an attempt read, by what it computed: enough to do it again. */
export const Lineage = v.strictObject({
  plan: uri,
  report: v.nullable(uri),
  profile: uri,
  /** The raw objects of the days that this attempt landed. */
  raw: v.array(Input),
  catalogues: v.strictObject({ products: CatalogueInput, users: CatalogueInput }),
  /** Of the SQL of each query as it stands in the repository. */
  sql: v.record(v.string(), digest),
  /** Of the contracts of sources and features. */
  contracts: v.record(v.string(), v.pipe(count, v.minValue(1))),
});
export type Lineage = v.InferOutput<typeof Lineage>;

/**
 * What becomes current with an attempt, at `featuresManifestKey`; written before the pointer is, and never again. That it is
 * there says nothing: accepted is what the pointer names, and what that names as its `before`, and so on.
 */
export const FeaturesManifest = v.strictObject({
  run_id: FeatureRunId,
  attempt: FeatureAttempt,
  mode: v.picklist(featureModes),
  accepted_at: moment,
  /** Of the pointer that names this manifest. */
  generation: v.pipe(count, v.minValue(1)),
  /** What was current before; null for the first. */
  before: v.nullable(Acceptance),
  /** All clean days that are known, this attempt's among them. */
  snapshot: CleanSnapshot,
  /** What this attempt computed. */
  features: FeatureSet,
  /** The latest features of all that were accepted: this attempt's, unless a later day's were there before. */
  latest: FeatureSet,
  /**
   * Days up to the latest features' last one whose clean rows are others than those that they were computed from: a run of
   * earlier days was accepted since they were planned. Runs to come compute who is active on their days with these, a weekly
   * one everybody.
   */
  latest_behind: v.array(isoDate),
  /** Of each day's interactions the features that are current. */
  interactions: InteractionFeatures,
  /** By mode the last features that were accepted. */
  recent: perMode,
  /**
   * By mode the features that the next run's drift is measured against: a day's users and a whole history's are not one
   * population. Null until the first run of the mode.
   */
  baselines: perMode,
  lineage: Lineage,
});
export type FeaturesManifest = v.InferOutput<typeof FeaturesManifest>;

/** One file of a split, for a training job. */
const SplitPart = v.strictObject({ rows: count, bytes: count, objects: v.array(FeatureObject) });

/** The files of a temporal split, at `trainingManifestKey`: the input of a training job. */
export const TrainingManifest = v.strictObject({
  run_id: FeatureRunId,
  attempt: FeatureAttempt,
  as_of: moment,
  created_at: moment,
  /** Columns of the files, in their order, with their types in Glue. */
  columns: v.array(v.strictObject({ name: v.string(), type: v.string() })),
  /** Versions of the contracts of features. */
  versions: v.record(v.string(), v.pipe(count, v.minValue(1))),
  /** Of how many interactions the products' attributes were told only after them, and up to which day. */
  later_catalogue: LaterCatalogue,
  splits: v.strictObject({ train: SplitPart, validation: SplitPart, test: SplitPart }),
});
export type TrainingManifest = v.InferOutput<typeof TrainingManifest>;

/** The items of the table of builds that say which features are current, by their `system`. */
export const featurePointers = { latest: "features", training: "features-training" } as const;

/** The pointer to what is current: one item, replaced whole under the condition that its generation is the one read. */
export const CurrentFeatures = v.strictObject({
  system: v.picklist(Object.values(featurePointers)),
  /** The attempt that wrote the manifest. */
  build: FeatureAttempt,
  /** Of the latest features. */
  as_of: moment,
  manifest: uri,
  /** One more with every switch. */
  generation: v.pipe(count, v.minValue(1)),
});
export type CurrentFeatures = v.InferOutput<typeof CurrentFeatures>;
