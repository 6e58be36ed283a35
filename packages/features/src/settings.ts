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
  /** Most bytes of raw objects that one slice lands, as they lie in the bucket; one object is never divided. */
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
  /** DuckDB's memory limit, in MB; about half of the function's memory, the rest is Node and DuckDB's own overhead. */
  memoryMb: count,
});

/** Buckets, limits and periods of the feature pipeline, from `stacks/settings.ts` of the stage. */
export type FeaturesSettings = v.InferOutput<typeof FeaturesSettings>;
