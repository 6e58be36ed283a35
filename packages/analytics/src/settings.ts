import type { SystemName } from "@penstock/contracts";
import * as v from "valibot";

const name = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

const perSystem = v.object({
  "market-intelligence-hub": name,
  "demand-insights-engine": name,
  "compliance-guardian": name,
  "global-market-pulse": name,
  "retail-copilot": name,
} satisfies Record<SystemName, typeof name>);

/** What the deployment links to every task of analytics as `Analytics`. */
export const AnalyticsSettings = v.object({
  /** Bucket of what refining counted, for the PCI audit. */
  audit: name,
  /** Bucket of each system. */
  prod: perSystem,
  /** Glue database over each of those buckets. */
  database: perSystem,
  /** Athena workgroup whose queries are analysed. */
  workgroup: name,
  /** DuckDB's memory limit, in MB. */
  memoryMb: count,
  /** Builds before the one that is written that stay in each bucket: the current one, and the one before. */
  keepBuilds: count,
  /** Of everything that draws numbers: equal marts give equal reports. */
  seed: v.pipe(v.number(), v.integer()),
  /** How far ahead sales are forecast. */
  forecastDays: count,
  forecastMonths: count,
  /** At most so many regions, so many categories, and so many pairs of both are forecast, the largest first. */
  series: count,
  /** No purchase within so many days is churn. */
  churnDays: count,
  /** Horizon of the lifetime value. */
  lifetimeDays: count,
  /** 0.1 is 10 % a year. */
  annualDiscount: amount,
  fraud: v.object({
    windowHours: count,
    /** More orders of one person in the window are suspicious. */
    maxOrdersInWindow: count,
    /** Payments may differ from what is owed by so much, in the currency. */
    amountTolerance: amount,
    /** Any amount above is flagged; null leaves it to the data. */
    amountLimit: v.nullable(amount),
  }),
  /** Days of questions and queries whose patterns are reported; Athena keeps its history for 45. */
  queryDays: count,
  /** At most so many questions, and so many queries, the latest. */
  maxQueries: count,
  /** At most so many refined objects are audited, the latest. */
  auditObjects: count,
});

/** Buckets, databases, horizons and limits of the five systems, from `stacks/settings.ts` of the stage. */
export type AnalyticsSettings = v.InferOutput<typeof AnalyticsSettings>;
