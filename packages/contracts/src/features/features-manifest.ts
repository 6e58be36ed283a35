import * as v from "valibot";
import { isoDate } from "../actions/iso-date.ts";
import { FeatureAttempt, FeatureRunId, featureModes } from "./run-names.ts";

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
  /** When the raw objects were looked at: of two attempts that hold a day the later look is right. */
  planned_at: moment,
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
  /** Midnight after `to`: nothing that happened then or later is in them. */
  as_of: moment,
  /** When the raw objects were looked at: of two of the same moment the later look is right. */
  planned_at: moment,
  user: FeatureTableObjects,
  item: FeatureTableObjects,
  interaction: FeatureTableObjects,
});
export type FeatureSet = v.InferOutput<typeof FeatureSet>;

const perMode = v.strictObject({
  daily: v.nullable(FeatureSet),
  weekly: v.nullable(FeatureSet),
  range: v.nullable(FeatureSet),
} satisfies Record<(typeof featureModes)[number], unknown>);

/** What an attempt read, by what it computed: enough to do it again. */
export const Lineage = v.strictObject({
  plan: uri,
  report: v.nullable(uri),
  profile: uri,
  /** The raw objects of the days that this attempt landed. */
  raw: v.array(v.strictObject({ uri, etag: v.string(), bytes: count })),
  catalogues: v.strictObject({ products: v.nullable(isoDate), users: v.nullable(isoDate) }),
  /** Of the SQL of each query as it stands in the repository. */
  sql: v.record(v.string(), digest),
  /** Of the contracts of sources and features. */
  contracts: v.record(v.string(), v.pipe(count, v.minValue(1))),
});
export type Lineage = v.InferOutput<typeof Lineage>;

/** What became current with an attempt, at `featuresManifestKey`; written before the pointer is. */
export const FeaturesManifest = v.strictObject({
  run_id: FeatureRunId,
  attempt: FeatureAttempt,
  mode: v.picklist(featureModes),
  accepted_at: moment,
  /** What was current before; null for the first. */
  before: v.nullable(FeatureAttempt),
  /** All clean days that are known, this attempt's among them. */
  snapshot: CleanSnapshot,
  /** What this attempt computed. */
  features: FeatureSet,
  /** The latest features of all that were accepted: this attempt's, unless a later day's were there before. */
  latest: FeatureSet,
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
