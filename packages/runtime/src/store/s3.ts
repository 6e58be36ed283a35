import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { awsFailure, fromAws } from "../aws/failures.ts";
import { ObjectChanged, ObjectMissing } from "../errors.ts";
import { parseS3Uri, type S3Uri, s3Uri } from "../uri.ts";
import { jsonText, parseJson } from "./json.ts";
import type { ObjectFacts, ObjectStore } from "./object-store.ts";

/** Two parts of this size in flight: 16 MB of buffers at most. S3 allows 10,000 parts, so objects up to 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;

/** Pieces of a download wait for each other up to so much: fewer writes, and a quarter less of the processor's time. */
const WRITTEN_AT_ONCE = 1024 * 1024;

interface Described {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly VersionId?: string | undefined;
}

/** The object store over S3. Failures of S3 come out under the names of `errors.ts`. */
export function s3ObjectStore(client: S3Client): ObjectStore {
  const get = async (uri: S3Uri, range?: string) => {
    const { bucket, key } = parseS3Uri(uri);
    const answer = await client
      .send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(range === undefined ? {} : { Range: range }) }),
      )
      .catch(fromAws(uri));
    if (answer.Body === undefined) throw new ObjectMissing(`${uri} came without content`);
    return { ...answer, Body: answer.Body };
  };

  return {
    async head(uri) {
      const { bucket, key } = parseS3Uri(uri);
      try {
        return facts(
          uri,
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).catch(fromAws(uri)),
        );
      } catch (error) {
        if (error instanceof ObjectMissing) return undefined;
        throw error;
      }
    },

    async range(uri, start, end) {
      if (end <= start) return new Uint8Array(0);
      const { Body } = await get(uri, `bytes=${start}-${end - 1}`);
      return Body.transformToByteArray().catch(fromAws(uri));
    },

    async download(uri, target) {
      await mkdir(path.dirname(target), { recursive: true });
      const { Body, ...described } = await get(uri);
      const found = facts(uri, described);
      const file = createWriteStream(target, { highWaterMark: WRITTEN_AT_ONCE });
      if (!(Body instanceof Readable)) throw new ObjectMissing(`${uri} came without a stream`);
      await pipeline(Body, file).catch(fromAws(uri));
      if (file.bytesWritten !== found.bytes) {
        throw new ObjectChanged(
          `${uri} has ${found.bytes} bytes, but ${file.bytesWritten} arrived; run it again`,
        );
      }
      return found;
    },

    async upload(source, uri, options = {}) {
      const { bucket, key } = parseS3Uri(uri);
      const upload = new Upload({
        client,
        partSize: PART_BYTES,
        queueSize: 2,
        params: {
          Bucket: bucket,
          Key: key,
          Body: createReadStream(source),
          ContentType: options.contentType ?? "application/octet-stream",
        },
      });
      await upload.done().catch(fromAws(uri));
    },

    async putJson(uri, value, { replaces } = {}) {
      const { bucket, key } = parseS3Uri(uri);
      await client
        .send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: jsonText(value),
            ContentType: "application/json",
            ...(replaces === null ? { IfNoneMatch: "*" } : {}),
            ...(typeof replaces === "string" ? { IfMatch: `"${replaces}"` } : {}),
          }),
        )
        .catch((error: unknown) => {
          const failure = awsFailure(uri, error);
          // The object that was to be replaced is gone: it has changed as well.
          if (typeof replaces === "string" && failure instanceof ObjectMissing)
            throw new ObjectChanged(`${uri} is no longer there to be replaced`, { cause: error });
          throw failure;
        });
    },

    async getJson(uri) {
      const { Body } = await get(uri);
      return parseJson(uri, await Body.transformToString("utf8").catch(fromAws(uri)));
    },

    async *list(uriPrefix) {
      const { bucket, key: prefix } = parseS3Uri(uriPrefix);
      let next: string | undefined;
      do {
        const page = await client
          .send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...(next === undefined ? {} : { ContinuationToken: next }),
            }),
          )
          .catch(fromAws(uriPrefix));
        for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
          if (Key === undefined) continue;
          yield facts(s3Uri(bucket, Key), { ContentLength: Size, ETag, LastModified });
        }
        next = page.NextContinuationToken;
      } while (next !== undefined);
    },

    async remove(uri) {
      const { bucket, key } = parseS3Uri(uri);
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch(fromAws(uri));
    },
  };
}

function facts(uri: S3Uri, { ContentLength, ETag, LastModified, VersionId }: Described): ObjectFacts {
  if (ContentLength === undefined || ETag === undefined || LastModified === undefined) {
    throw new ObjectChanged(`S3 described ${uri} without size, entity tag or time; run it again`);
  }
  return {
    uri,
    bytes: ContentLength,
    etag: ETag.replaceAll('"', ""),
    lastModified: LastModified,
    ...(VersionId === undefined ? {} : { versionId: VersionId }),
  };
}
