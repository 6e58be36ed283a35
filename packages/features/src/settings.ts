import * as v from "valibot";

const bucket = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Greatest shares of lines or rows that pass; the names are those of the report's checks. */
export const ValidationLimits = v.strictObject({
  /** Lines that are no JSON object, or have fields that nobody knows. */
  schema: share,
  /** Lines with a value of another type, form or range. */
  types: share,
  /** Lines without a key, for each key of its own. */
  nulls: share,
  /** Rows of users, and of products, that are in no catalogue. */
  users: share,
  products: share,
  /** Rows that are earlier than the row of their session before them. */
  order: share,
  /** Rows that repeat an interaction. */
  duplicates: share,
});
export type ValidationLimits = v.InferOutput<typeof ValidationLimits>;

/** More than this on one day, and all that the user did on that day was a machine. */
export const BotLimits = v.strictObject({
  /** Interactions of a user within a minute of the clock. */
  perMinute: count,
  /** Interactions of a user on a day. */
  perDay: count,
  /** Interactions with one product in one session on a day. */
  perSessionProduct: count,
});
export type BotLimits = v.InferOutput<typeof BotLimits>;

/** The online store: its tables, and how they are written. */
export const OnlineSettings = v.strictObject({
  /** Tables by the group of features that they hold. */
  tables: v.strictObject({ user: bucket, item: bucket }),
  /** Days after which features that nothing refreshed are forgotten. */
  days: count,
  /** Rows of one piece of the publication. */
  sliceRows: count,
  /** How long a publisher keeps others away: longer than its function may run. */
  leaseSeconds: count,
  /** Keys of each table that are compared after a publication. */
  sample: count,
});
export type OnlineSettings = v.InferOutput<typeof OnlineSettings>;

/** How the distribution of features is measured. */
export const DriftSettings = v.strictObject({
  /** A population stability index from which on a feature has drifted. */
  psi: v.pipe(v.number(), v.gtValue(0)),
  /** A Kolmogorov-Smirnov distance from which on a number has drifted. */
  ks: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  /** Commonest values of a category that have a bin of their own. */
  categories: count,
});
export type DriftSettings = v.InferOutput<typeof DriftSettings>;

/** What the deployment links to every task of the feature pipeline as `Features`. */
export const FeaturesSettings = v.object({
  /** Raw interactions and the catalogues' snapshots. */
  interactions: bucket,
  /** All that the pipeline writes. */
  features: bucket,
  /** The lake's curated zone, which the catalogues are synced from. */
  curated: bucket,
  /** Days before a window whose raw objects are looked at again. */
  lookBackDays: count,
  /** Most days of one run, its look-back among them. */
  maxDays: count,
  /** Most bytes of lines that one slice lands, those of gzip counted eightfold; one object is never divided. */
  landMaxBytes: count,
  /** Minutes that an event may lie after the arrival of its object. */
  clockSkewMinutes: count,
  arrivals: v.strictObject({
    /** Share of a day's bytes that the next day may have less without an alert. */
    maxDrop: share,
    /** Hours without any arrival that are too many. */
    silentHours: count,
  }),
  validation: ValidationLimits,
  bots: BotLimits,
  /** Share of the rows of a day, and of all days of a run, that cleaning may take out without an alert. */
  maxRemoved: share,
  /** Glue database of the clean tables and of the features. */
  database: bucket,
  /** Says which features are current. */
  buildsTable: bucket,
  locksTable: bucket,
  online: OnlineSettings,
  drift: DriftSettings,
  /**
   * Most rows that one function judges, and profiles with the baseline's: each has the rows of all days of a run on its disk
   * and keeps what differs among them.
   */
  oneFunction: v.strictObject({ judgedRows: count, profiledRows: count }),
  /** Days after which raw objects are deleted, counted from their arrival. */
  rawDays: count,
  /** Days after which the objects of features are deleted, and with them what the catalogue knows of them. */
  featureDays: count,
  /** DuckDB's memory limit, in MB; about half of the function's memory, the rest is Node and DuckDB's own overhead. */
  memoryMb: count,
});

/** Buckets, limits and periods of the feature pipeline, from `stacks/settings.ts` of the stage. */
export type FeaturesSettings = v.InferOutput<typeof FeaturesSettings>;
