import {
  isS3Uri,
  ObjectChanged,
  type ObjectFacts,
  type ObjectStore,
  UnsupportedFile,
} from "@penstock/runtime";

/** An object as the plan of a run has it. */
export interface PlannedObject {
  readonly uri: string;
  readonly etag: string;
}

/**
 * Brings an object to local disk as it was when the run was planned: what a run reads is what its plan says.
 * @throws ObjectChanged when it is another one by now, ObjectMissing
 */
export async function downloadPlanned(
  { uri, etag }: PlannedObject,
  file: string,
  store: Pick<ObjectStore, "download">,
): Promise<ObjectFacts> {
  if (!isS3Uri(uri)) throw new UnsupportedFile(`${uri} of the plan is no S3 URI`);
  const facts = await store.download(uri, file);
  if (facts.etag === etag) return facts;
  throw new ObjectChanged(`${uri} is no longer the object that was planned; plan the run again`);
}
