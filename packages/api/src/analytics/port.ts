import type { CurrentBuild } from "@penstock/contracts";
import type { ObjectStore } from "@penstock/runtime/aws";

/** What analytics are read from. */
export interface AnalyticsPort {
  /** The current build of a system; undefined before the first. */
  currentBuild(system: string): Promise<CurrentBuild | undefined>;
  readonly store: Pick<ObjectStore, "getJson" | "range">;
  /** The buckets of the systems' reports, by system. */
  readonly buckets: Readonly<Record<string, string>>;
  /** Seconds for which a caller may keep an answer. */
  readonly maxAgeSeconds: number;
}
