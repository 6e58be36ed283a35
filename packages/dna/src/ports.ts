import type { DuckSession, ObjectStore } from "@penstock/runtime";
import type { ModelMetrics, TextModel } from "@penstock/runtime/model";
import type { DnaSettings } from "./settings.ts";

/** What every task of Digital DNA works with; tasks pass the real ones, tests their own. No AWS SDK behind this line. */
export interface DnaPorts {
  /** The objects of the one person that the task is about, and no others: `withinUser`. */
  readonly store: ObjectStore;
  readonly settings: DnaSettings;
  /**
   * Comes first in every task.
   * @throws {PersonGone} for a person who is not registered or has been erased
   */
  readonly requireActive: (user: string) => Promise<void>;
}

/** What Read needs on top: an engine for the masks. */
export interface ReadPorts extends DnaPorts {
  /** A DuckDB session that spills into the folder given. Who opens it closes it. */
  readonly openSession: (tempDirectory: string) => Promise<DuckSession>;
}

/** What the tasks that ask a model need on top. */
export interface ModelPorts extends DnaPorts {
  readonly model: TextModel;
  readonly metrics: ModelMetrics;
}
