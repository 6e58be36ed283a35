import type { CurrentFeatures } from "@penstock/contracts";

/** The pointers to what is current. Behind them are items of the table of builds. */
export interface FeaturePointers {
  /** Undefined before the first. Read as it is now. */
  read(system: CurrentFeatures["system"]): Promise<CurrentFeatures | undefined>;
  /** Replaces a pointer if it still has the generation before the new one's; false when somebody else was faster. */
  replace(next: CurrentFeatures): Promise<boolean>;
}
