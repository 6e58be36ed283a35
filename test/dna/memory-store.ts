import { createHash } from "node:crypto";
import {
  ObjectChanged,
  type ObjectFacts,
  ObjectMissing,
  type ObjectStore,
  type S3Uri,
} from "@penstock/runtime";

/** A store in memory that keeps S3's promises: an object is seen whole and at once, and of two conditional writes one loses. */
export interface MemoryStore {
  readonly store: ObjectStore;
  /** Objects as text, by URI. */
  readonly objects: ReadonlyMap<S3Uri, string>;
  /** Puts a text as an upload at a given time. */
  upload(uri: S3Uri, text: string, at: Date): void;
}

/** @param written hears of each object that is written, uploads among them */
export function memoryStore(written: (uri: S3Uri) => void = () => {}): MemoryStore {
  const objects = new Map<S3Uri, string>();
  const times = new Map<S3Uri, Date>();
  const facts = (uri: S3Uri): ObjectFacts | undefined => {
    const text = objects.get(uri);
    if (text === undefined) return undefined;
    const etag = createHash("md5").update(text).digest("hex");
    return { uri, bytes: Buffer.byteLength(text), etag, lastModified: times.get(uri) ?? new Date(0) };
  };
  const put = (uri: S3Uri, text: string, at: Date) => {
    objects.set(uri, text);
    times.set(uri, at);
    written(uri);
  };
  const onlyJson = async (): Promise<never> => {
    throw new Error("nothing here needs files or parts of objects");
  };
  return {
    objects,
    upload: put,
    store: {
      head: async (uri) => facts(uri),
      async getJson(uri) {
        const text = objects.get(uri);
        if (text === undefined) throw new ObjectMissing(`${uri} is not there`);
        return JSON.parse(text);
      },
      async putJson(uri, value, { replaces } = {}) {
        if (replaces !== undefined && (facts(uri)?.etag ?? null) !== replaces)
          throw new ObjectChanged(`${uri} is no longer the object that was looked at`);
        put(uri, `${JSON.stringify(value, null, 2)}\n`, new Date(0));
      },
      async *list(prefix) {
        for (const uri of [...objects.keys()]) {
          const found = uri.startsWith(prefix) ? facts(uri) : undefined;
          if (found !== undefined) yield found;
        }
      },
      async remove(uri) {
        objects.delete(uri);
      },
      range: onlyJson,
      download: onlyJson,
      upload: onlyJson,
    },
  };
}
