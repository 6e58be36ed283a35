import type { S3Uri } from "../uri.ts";

/** What is known of an object without reading it. */
export interface ObjectFacts {
  readonly uri: S3Uri;
  readonly bytes: number;
  /** As S3 gives it, without the quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly versionId?: string;
}

/** What must be there for an object to be written. */
export interface PutCondition {
  /** The entity tag of the object that is replaced; null where there must be none. */
  readonly replaces?: string | null;
}

/**
 * Where objects are read and written. The domain knows this port only; behind it is S3, or a folder in tests and
 * benches. Reading what is not there throws `ObjectMissing`; removing it is no error.
 */
export interface ObjectStore {
  /** Facts of an object, `undefined` when there is none. */
  head(uri: S3Uri): Promise<ObjectFacts | undefined>;
  /** Bytes from `start` up to but not including `end`; fewer when the object ends before. */
  range(uri: S3Uri, start: number, end: number): Promise<Uint8Array>;
  /** The whole object into a file (its folder is made). Throws `ObjectChanged` when it arrives incomplete. */
  download(uri: S3Uri, path: string): Promise<ObjectFacts>;
  /** A file to an object, replacing it whole or not at all. */
  upload(path: string, uri: S3Uri, options?: { contentType?: string }): Promise<void>;
  /**
   * A value as JSON with two spaces and a closing newline, so that equal values are equal bytes. With `replaces` only in the
   * place of the object of that entity tag, null: of none; else `ObjectChanged`.
   */
  putJson(uri: S3Uri, value: unknown, options?: PutCondition): Promise<void>;
  /** The parsed JSON of an object; `UnsupportedFile` when it is none. */
  getJson(uri: S3Uri): Promise<unknown>;
  /** Every object whose URI starts with the prefix, in no order to rely on (S3 and its local copy differ). */
  list(uriPrefix: S3Uri): AsyncIterable<ObjectFacts>;
  /** Removes an object; one that is not there is no error. */
  remove(uri: S3Uri): Promise<void>;
}
