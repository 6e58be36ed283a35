import type { BotLimits, DriftSettings, OnlineSettings, ValidationLimits } from "@penstock/features";

/** The feature pipeline's own part of the stage's settings. */
export interface FeatureSettings {
  /** Days before a window whose raw objects are looked at again: events that came late are in the next daily run. */
  readonly lookBackDays: number;
  /** Most days of one run, its look-back among them. */
  readonly maxDays: number;
  /** Most bytes of raw objects, gzip counted as eight times its size, that one function lands; and how many do so side by side. */
  readonly landMaxBytes: number;
  readonly landingConcurrency: number;
  /** An event may lie so long after the arrival of its object. */
  readonly clockSkewMinutes: number;
  /** What a day may have less than the day before it (0–1), and how long nothing may arrive, without an alert. */
  readonly arrivals: { readonly maxDrop: number; readonly silentHours: number };
  /** Greatest shares (0–1) of lines or rows with which a run goes on, by the checks of its report. */
  readonly validation: ValidationLimits;
  readonly bots: BotLimits;
  /** What cleaning may take out of a day's rows, and of all rows of a run (0–1), without an alert. */
  readonly maxRemoved: number;
  readonly drift: DriftSettings;
  readonly online: Omit<OnlineSettings, "tables"> & {
    /** Pieces of features that one function writes, and functions that do so side by side. */
    readonly slicesPerCall: number;
    readonly concurrency: number;
  };
  /** When the day before, and when everything is computed (EventBridge Scheduler syntax, UTC). */
  readonly dailySchedule: string;
  readonly weeklySchedule: string;
  /** Longest that an execution takes, and that it keeps another of the same days from working. */
  readonly runHours: number;
  /** Longest that one query takes, time in Athena's queue included. */
  readonly queryMinutes: number;
  /** A query that reads more is cut off. */
  readonly maxScannedBytes: number;
  /** Most rows that one function of `lambda`'s size judges, and profiles with those of the baseline. */
  readonly oneFunction: { readonly judgedRows: number; readonly profiledRows: number };
  /** Memory of DuckDB in the tasks, inside `lambda.memoryMb`. */
  readonly duckdbMemoryMb: number;
  readonly stream: {
    /** How long records stay in the stream when they cannot be delivered. */
    readonly hours: number;
    /** What is gathered before an object is written, whichever comes first. Dynamic partitioning takes no less than 64 MB. */
    readonly bufferSeconds: number;
    readonly bufferMb: number;
    /**
     * Different days that the interactions of one batch may be of. Firehose keeps 500 days open, each for `bufferSeconds`:
     * so many batches of other days in that time are delivered, and what comes on top lies under `undeliverable/`.
     */
    readonly batchDays: number;
  };
  /** Days of one execution of a backfill. */
  readonly backfillDays: number;
  /** What a backfill is estimated to cost: on-demand prices of us-east-1, US dollars. Source: AWS's price pages, November 2026. */
  readonly prices: {
    readonly stateTransition: number;
    readonly glueDpuHour: number;
    readonly athenaTerabyte: number;
    /** One item of up to 1 KB. */
    readonly dynamoWrite: number;
  };
}

const MIB = 1024 ** 2;

/** The same for every stage. */
export const features: FeatureSettings = {
  lookBackDays: 3,
  maxDays: 1100,
  landMaxBytes: 128 * MIB,
  landingConcurrency: 10,
  clockSkewMinutes: 5,
  arrivals: { maxDrop: 0.2, silentHours: 6 },
  validation: {
    schema: 0.05,
    types: 0.05,
    nulls: 0.05,
    users: 0.1,
    products: 0.1,
    order: 0.1,
    duplicates: 0.1,
  },
  bots: { perMinute: 60, perDay: 1000, perSessionProduct: 50 },
  maxRemoved: 0.3,
  drift: { psi: 0.25, ks: 0.2, categories: 20 },
  online: {
    days: 90,
    sliceRows: 10_000,
    leaseSeconds: 1200,
    sample: 200,
    slicesPerCall: 5,
    concurrency: 20,
  },
  dailySchedule: "cron(0 5 * * ? *)",
  weeklySchedule: "cron(0 7 ? * SUN *)",
  runHours: 6,
  queryMinutes: 30,
  maxScannedBytes: 1024 ** 2 * MIB,
  oneFunction: { judgedRows: 40_000_000, profiledRows: 40_000_000 },
  duckdbMemoryMb: 1024,
  stream: { hours: 48, bufferSeconds: 300, bufferMb: 64, batchDays: 31 },
  backfillDays: 7,
  prices: {
    stateTransition: 0.000025,
    glueDpuHour: 0.44,
    athenaTerabyte: 5,
    dynamoWrite: 0.000000625,
  },
};
