import type { CurrentFeatures } from "@penstock/contracts";
import { InvalidInput, isS3Uri, type S3Uri } from "@penstock/runtime";

/** The pointers to what is current. Behind them are items of the table of builds. */
export interface FeaturePointers {
  /** Undefined before the first. Read as it is now. */
  read(system: CurrentFeatures["system"]): Promise<CurrentFeatures | undefined>;
  /** Replaces a pointer if it still has the generation before the new one's; false when somebody else was faster. */
  replace(next: CurrentFeatures): Promise<boolean>;
}

/** Where the manifest of a pointer lies. @throws InvalidInput when what the pointer names is no S3 URI */
export function pointedManifest({ manifest }: Pick<CurrentFeatures, "manifest">): S3Uri {
  if (isS3Uri(manifest)) return manifest;
  throw new InvalidInput(`the pointer to the current features names ${manifest}, which is no S3 URI`);
}
