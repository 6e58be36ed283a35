import { rename } from "node:fs/promises";
import path from "node:path";
import { ObjectChanged, type ObjectFacts, type ObjectStore, type S3Uri } from "@penstock/runtime";

/** A store for one attempt on this machine, and the files that the attempt has written so far, by URI. */
export interface AttemptStore {
  readonly store: ObjectStore;
  readonly written: ReadonlyMap<S3Uri, string>;
  /** The local copy of the raw object, once it has been read. */
  readonly rawFile: () => string | undefined;
}

/**
 * The lake's store as one attempt of a refine sees it: what it writes stays in `folder` on local disk until its balance
 * is checked; what it reads comes from the real store. A raw object that is no longer the one that was inspected throws
 * `ObjectChanged`: its new version has an event, and so an execution, of its own.
 */
export function attemptStore(
  store: ObjectStore,
  { folder, raw }: { readonly folder: string; readonly raw: Pick<ObjectFacts, "uri" | "etag"> },
): AttemptStore {
  const written = new Map<S3Uri, string>();
  let rawFile: string | undefined;
  const attempt: ObjectStore = {
    ...store,
    async download(uri, target) {
      const facts = await store.download(uri, target);
      if (uri !== raw.uri) return facts;
      refuseChanged(raw, facts);
      rawFile = target;
      return facts;
    },
    async upload(source, uri) {
      const file = path.join(folder, `${written.size}.parquet`);
      await rename(source, file);
      written.set(uri, file);
    },
    // The answers of a plan's reports: the caller gets them as values.
    putJson: async () => undefined,
  };
  return { store: attempt, written, rawFile: () => rawFile };
}

/** Throws `ObjectChanged` when the object found is not the one that was inspected. */
export function refuseChanged(inspected: Pick<ObjectFacts, "uri" | "etag">, found: ObjectFacts): void {
  if (found.etag === inspected.etag) return;
  throw new ObjectChanged(
    `${inspected.uri} was replaced after it was inspected; the event of its new version starts a run of its own`,
  );
}
