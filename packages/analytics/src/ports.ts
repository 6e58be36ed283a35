import type { SystemName } from "@penstock/contracts";
import type { BuildCatalogue, DuckSession, ObjectStore } from "@penstock/runtime";
import type { AnalyticsSettings } from "./settings.ts";

/** What the systems work with; tasks pass the real ones, tests their own. No AWS SDK behind this line. */
export interface AnalyticsPorts {
  readonly store: ObjectStore;
  readonly settings: AnalyticsSettings;
  /** What the catalogue knows of a system's bucket. */
  readonly catalogueOf: (system: SystemName) => BuildCatalogue;
  /** A DuckDB session that spills into the folder given. The domain closes it. */
  readonly openSession: (tempDirectory: string) => Promise<DuckSession>;
  readonly now: () => Date;
}

/** One run of a query, as Athena's history tells it. */
export interface QueryRun {
  readonly sql: string;
  readonly state: "SUCCEEDED" | "FAILED" | "CANCELLED" | "QUEUED" | "RUNNING";
  readonly submittedAt: Date;
  /** That the engine worked on it, without waiting for its turn; null when it has not begun. */
  readonly seconds: number | null;
  readonly scannedBytes: number;
}

/** Athena's history of a workgroup. */
export interface QueryHistory {
  /** The latest queries since that moment, at most so many. */
  latest(since: Date, most: number): Promise<readonly QueryRun[]>;
}
