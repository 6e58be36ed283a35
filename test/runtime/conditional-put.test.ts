import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  directoryObjectStore,
  ObjectChanged,
  type ObjectStore,
  s3ObjectStore,
  s3Uri,
} from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Buckets, openBuckets } from "../local/s3-buckets.ts";

let folder: string;
let buckets: Buckets;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-put-"));
  buckets = await openBuckets();
});
afterAll(async () => {
  await buckets.close();
  await rm(folder, { recursive: true, force: true });
});

const stores: readonly [string, () => ObjectStore][] = [
  ["S3", () => s3ObjectStore(buckets.s3)],
  ["a directory", () => directoryObjectStore(folder)],
];

describe.each(stores)("over %s", (_, open) => {
  test("JSON replaces only the object that was looked at, and is made anew only where there is none", async () => {
    const store = open();
    const bucket = buckets.next();
    const uri = s3Uri(bucket, "document.json");
    await store.putJson(uri, { version: 1 }, { replaces: null });
    const first = (await store.head(uri))?.etag ?? expect.unreachable();

    await store.putJson(uri, { version: 2 }, { replaces: first });

    await expect(store.putJson(uri, { version: 3 }, { replaces: first })).rejects.toThrow(ObjectChanged);
    await expect(store.putJson(uri, { version: 3 }, { replaces: null })).rejects.toThrow(ObjectChanged);
    expect(await store.getJson(uri)).toEqual({ version: 2 });
  });

  test("an object that is gone cannot be replaced", async () => {
    const store = open();
    const uri = s3Uri(buckets.next(), "gone.json");
    await store.putJson(uri, { version: 1 });
    const etag = (await store.head(uri))?.etag ?? expect.unreachable();
    await store.remove(uri);

    await expect(store.putJson(uri, { version: 2 }, { replaces: etag })).rejects.toThrow(ObjectChanged);
    expect(await store.head(uri)).toBeUndefined();
  });

  test("of many that make the same object one does", async () => {
    const store = open();
    const uri = s3Uri(buckets.next(), "race.json");

    const puts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => store.putJson(uri, { at }, { replaces: null })),
    );

    expect(puts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
