import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { fromAws } from "@penstock/runtime/aws";
import { ObjectChanged, ObjectMissing } from "@penstock/runtime/errors";
import type { Uploads } from "./uploads.ts";

/** Uploads in a bucket. Who looks for one that is not there needs to list it (`s3:ListBucket`): else S3 says 403, not 404. */
export function s3Uploads(client: S3Client, bucket: string): Uploads {
  const failed = fromAws(`an upload in ${bucket}`);
  return {
    async form(key, { type, owner, mostBytes, seconds }) {
      return createPresignedPost(client, {
        Bucket: bucket,
        Key: key,
        // Each of them becomes a condition: the form holds with exactly these values.
        Fields: { "Content-Type": type, success_action_status: "201", "x-amz-meta-owner": owner },
        Conditions: [["content-length-range", 1, mostBytes]],
        Expires: seconds,
      });
    },
    async put(key, bytes, type, owner) {
      const Metadata = { owner };
      await client
        .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: type, Metadata }))
        .catch(failed);
    },
    async find(key) {
      const found = await client
        .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        .catch(failed)
        .catch((error: unknown) => {
          if (error instanceof ObjectMissing) return undefined;
          throw error;
        });
      if (found === undefined) return undefined;
      const { ContentLength: bytes, ETag: etag, LastModified: at, ContentType: type = "", Metadata } = found;
      if (bytes === undefined || etag === undefined || at === undefined)
        throw new ObjectChanged(`S3 described an upload in ${bucket} without size, entity tag or time`);
      return { bytes, type, owner: Metadata?.owner, etag: etag.replaceAll('"', ""), at };
    },
    async range(key, start, end) {
      if (end <= start) return new Uint8Array(0);
      const { Body } = await client
        .send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${start}-${end - 1}` }))
        .catch(failed);
      return (await Body?.transformToByteArray().catch(failed)) ?? new Uint8Array(0);
    },
  };
}
