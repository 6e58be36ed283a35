import type { DuckSession, Leases, ObjectStore } from "@penstock/runtime";
import type { LakeSettings } from "./settings.ts";

/** What the lake's domain works with; tasks pass the real ones, tests their own. No AWS SDK behind this line. */
export interface LakePorts {
  readonly store: ObjectStore;
  readonly leases: Leases;
  readonly settings: LakeSettings;
  /** A DuckDB session that spills into the folder given. The domain closes it. */
  readonly openSession: (tempDirectory: string) => Promise<DuckSession>;
  readonly now: () => Date;
}
