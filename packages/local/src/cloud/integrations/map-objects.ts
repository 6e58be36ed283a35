import type { SdkAnswer } from "../aws-clients.ts";
import { isRecord } from "./arguments.ts";

/** Actions of S3 that a Distributed Map calls by itself, to read its dataset and to write its results. */
export const mapActions = [
  "getObject",
  "listObjectsV2",
  "putObject",
  "createMultipartUpload",
  "uploadPart",
  "completeMultipartUpload",
  "abortMultipartUpload",
] as const;

/** What S3 answered, bodies as streams. A listing is in the form that the items of a map have on AWS. */
export function mapAnswer({ output }: SdkAnswer): Readonly<Record<string, unknown>> {
  return Array.isArray(output.Contents) ? { ...output, Contents: output.Contents.map(listedObject) } : output;
}

function listedObject(listed: unknown): unknown {
  if (!isRecord(listed)) return listed;
  const { ETag, Key, LastModified, Size, StorageClass } = listed;
  const seconds = LastModified instanceof Date ? Math.floor(LastModified.getTime() / 1000) : LastModified;
  return { Etag: ETag, Key, LastModified: seconds, Size, StorageClass };
}
