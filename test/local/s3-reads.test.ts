import { createHash, randomBytes } from "node:crypto";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Buckets, openBuckets } from "./s3-buckets.ts";

let there: Buckets;
let Bucket: string;

beforeAll(async () => {
  there = await openBuckets();
});
afterAll(() => there.close());
beforeEach(() => {
  Bucket = there.next();
});

describe("reads", () => {
  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-4", "6789", "bytes 6-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
  ])("take the range %s", async (Range, body, ContentRange) => {
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));

    const got = await there.s3.send(new GetObjectCommand({ Bucket, Key: "digits", Range }));

    expect(await got.Body?.transformToString()).toBe(body);
    expect(got.ContentRange).toBe(ContentRange);
    expect(got.$metadata.httpStatusCode).toBe(206);
  });

  test("beyond the end are InvalidRange", async () => {
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));

    const read = there.s3.send(new GetObjectCommand({ Bucket, Key: "digits", Range: "bytes=10-20" }));

    await expect(read).rejects.toMatchObject({ name: "InvalidRange", $metadata: { httpStatusCode: 416 } });
  });

  test("go on with the old bytes while the object is overwritten", async () => {
    const old = randomBytes(4 * 1024 * 1024);
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: old }));
    const reading = await there.s3.send(new GetObjectCommand({ Bucket, Key: "x" }));
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "new" }));

    expect(Buffer.compare(Buffer.from((await reading.Body?.transformToByteArray()) ?? []), old)).toBe(0);
    expect(await there.read(Bucket, "x")).toBe("new");
  });

  test("give one version whole, whatever is written meanwhile", async () => {
    const versions = ["a", "b"].map((fill, index) => Buffer.alloc((index + 1) * 300_000, fill));
    const write = (index: number) =>
      there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: versions[index % 2] ?? "" }));
    await write(0);

    const writing = (async () => {
      for (let index = 0; index < 40; index++) await write(index);
    })();
    for (let index = 0; index < 40; index++) {
      const { Body, ETag } = await there.s3.send(new GetObjectCommand({ Bucket, Key: "x" }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      expect(`"${createHash("md5").update(bytes).digest("hex")}"`).toBe(ETag);
    }
    await writing;
  });

  test("of what is not there have AWS's error names", async () => {
    const calls = [
      [new GetObjectCommand({ Bucket, Key: "nope" }), "NoSuchKey"],
      [new GetObjectCommand({ Bucket: "no-such-bucket", Key: "nope" }), "NoSuchBucket"],
    ] as const;

    for (const [command, name] of calls) await expect(there.s3.send(command)).rejects.toMatchObject({ name });
    const head = there.s3.send(new HeadObjectCommand({ Bucket, Key: "nope" }));
    await expect(head).rejects.toMatchObject({ name: "NotFound" });
  });

  test("keep their conditions", async () => {
    const { ETag } = await there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x" }));

    const changed = () => there.s3.send(new GetObjectCommand({ Bucket, Key: "x", IfMatch: '"other"' }));
    const unchanged = () => there.s3.send(new GetObjectCommand({ Bucket, Key: "x", IfNoneMatch: ETag }));

    await expect(changed()).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(unchanged()).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });
});

describe("conditional writes", () => {
  test("create only what is not there yet, also when many try at once", async () => {
    const writes = Array.from({ length: 10 }, (_, index) =>
      there.s3.send(new PutObjectCommand({ Bucket, Key: "lock", Body: `writer ${index}`, IfNoneMatch: "*" })),
    );
    const ends = await Promise.allSettled(writes);

    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const losers = ends.filter((end) => end.status === "rejected").map((end) => end.reason.name);
    expect(new Set(losers)).toEqual(new Set(["PreconditionFailed"]));
  });

  test("replace only the version that was read", async () => {
    const { ETag } = await there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "1" }));
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "2", IfMatch: ETag }));

    const late = there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "3", IfMatch: ETag }));

    await expect(late).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(await there.read(Bucket, "x")).toBe("2");
  });
});

describe("listings", () => {
  test("are in the order of the keys' bytes and lose nothing from page to page", async () => {
    const keys = ["B", "a", "A", "b", "_x", "-x", "a-b", "a_b", "a/b", "ä", "z", "\u{1F600}", "\uFFFD"];
    for (const Key of keys) await there.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));

    const { keys: listed } = await there.keysOf(Bucket, { MaxKeys: 2 });

    expect(listed).toEqual(
      [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
    );
  });

  test("roll keys up at a delimiter, the same over several pages", async () => {
    const keys = ["a/1", "a/2", "b", "c/1", "c/2/3", "d"];
    for (const Key of keys) await there.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));

    const whole = await there.keysOf(Bucket, { Delimiter: "/" });
    const paged = await there.keysOf(Bucket, { Delimiter: "/", MaxKeys: 1 });

    expect(whole).toEqual({ keys: ["b", "d"], prefixes: ["a/", "c/"] });
    expect(paged).toEqual(whole);
    expect(await there.keysOf(Bucket, { Delimiter: "/", Prefix: "c/" })).toEqual({
      keys: ["c/1"],
      prefixes: ["c/2/"],
    });
  });

  test("come in pages of a thousand", async () => {
    const keys = Array.from({ length: 1203 }, (_, index) => `k${index}`);
    for (let start = 0; start < keys.length; start += 40) {
      const some = keys.slice(start, start + 40);
      await Promise.all(some.map((Key) => there.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }))));
    }

    const { Contents, IsTruncated } = await there.s3.send(new ListObjectsV2Command({ Bucket }));

    expect([Contents?.length, IsTruncated]).toEqual([1000, true]);
    expect(new Set((await there.keysOf(Bucket)).keys)).toEqual(new Set(keys));
  });

  test("name the program's buckets", async () => {
    const { Buckets } = await there.s3.send(new ListBucketsCommand({}));

    expect(Buckets?.map(({ Name }) => Name)).toEqual([...there.buckets].sort());
  });
});
