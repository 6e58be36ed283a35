import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "./clients.ts";
import { bucket, graphOf, root } from "./small-graph.ts";

/** A cloud whose objects lie in a folder, with a bucket for each test, so that no test sees another's objects. */
export async function openBuckets() {
  const buckets = Array.from({ length: 40 }, (_, index) => `bucket-${index}`);
  const data = mkdtempSync(join(tmpdir(), "penstock-test-"));
  const cloud = await bootCloud(graphOf(buckets.map(bucket)), { root, dataDirectory: data });
  const { s3 } = clientsOf(cloud.endpoint);
  let turn = 0;
  return {
    endpoint: cloud.endpoint,
    s3,
    buckets,
    /** The folder that the objects lie in. */
    data,
    /** A bucket that no test has had yet. */
    next(): string {
      const free = buckets[turn++];
      if (free === undefined) throw new Error(`There are more tests than the ${buckets.length} buckets.`);
      return free;
    },
    async read(Bucket: string, Key: string): Promise<string> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    },
    /** All keys of a bucket, and the prefixes that they are rolled up to, page by page. */
    async keysOf(
      Bucket: string,
      options: { Prefix?: string; Delimiter?: string; MaxKeys?: number } = {},
    ): Promise<{ keys: string[]; prefixes: string[] }> {
      const keys: string[] = [];
      const prefixes: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket,
            ...options,
            ...(ContinuationToken ? { ContinuationToken } : {}),
          }),
        );
        keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
        prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return { keys, prefixes };
    },
    async close(): Promise<void> {
      await cloud.close();
      rmSync(data, { recursive: true });
    },
  };
}

export type Buckets = Awaited<ReturnType<typeof openBuckets>>;
