import type { BuildCatalogue, DuckSession, ObjectStore } from "@penstock/runtime";
import type { MartsSettings } from "./settings.ts";

/** What the building of marts works with; tasks pass the real ones, tests their own. No AWS SDK behind this line. */
export interface MartsPorts {
  readonly store: ObjectStore;
  /** What the catalogue knows of the marts' bucket. */
  readonly catalogue: BuildCatalogue;
  readonly settings: MartsSettings;
  /** A DuckDB session that spills into the folder given. Who opens it closes it. */
  readonly openSession: (tempDirectory: string) => Promise<DuckSession>;
}
