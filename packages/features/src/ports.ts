import type { CurrentFeatures } from "@penstock/contracts";
import type { DuckSession, ObjectStore } from "@penstock/runtime";
import type { FeaturesSettings } from "./settings.ts";

/** What every task of the feature pipeline works with; tasks pass the real ones, tests their own. No AWS SDK behind this line. */
export interface FeaturesPorts {
  readonly store: ObjectStore;
  readonly settings: FeaturesSettings;
  /**
   * A DuckDB session that spills into the folder given; `keepsOrder`: rows of a table without ORDER BY come as they were
   * inserted. Who opens it closes it.
   */
  readonly openSession: (tempDirectory: string, keepsOrder?: boolean) => Promise<DuckSession>;
}

/** What Plan needs on top: which features are current, and what time it is. */
export interface PlanPorts extends Pick<FeaturesPorts, "store" | "settings"> {
  /** The pointer to the latest features; undefined before the first run was accepted. */
  readonly current: () => Promise<CurrentFeatures | undefined>;
  readonly now: () => Date;
}
