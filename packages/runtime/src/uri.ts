import { InvalidInput } from "./errors.ts";

/** Where an object lives: bucket and key as they are, nothing encoded. */
export type S3Uri = `s3://${string}/${string}`;

/** Bucket and key of an object. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** The URI of a key in a bucket. Keys may hold spaces and any Unicode; nothing is escaped. */
export function s3Uri(bucket: string, key: string): S3Uri {
  if (bucket === "" || bucket.includes("/")) {
    throw new InvalidInput(`"${bucket}" is no bucket name; an S3 URI needs one before its key`);
  }
  return `s3://${bucket}/${key}`;
}

/** Parts of an S3 URI; throws {@link InvalidInput} when it is none. The key may be empty: then it is a bucket's root. */
export function parseS3Uri(uri: string): S3Location {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/([\s\S]*)$/.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new InvalidInput(`"${uri}" is no S3 URI; write it as s3://bucket/key`);
  }
  return { bucket, key };
}

/** True for what {@link parseS3Uri} accepts; for schemas. */
export function isS3Uri(value: unknown): value is S3Uri {
  return typeof value === "string" && /^s3:\/\/[^/]+\//.test(value);
}
