import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "./clients.ts";
import { bucket, graphOf, root } from "./small-graph.ts";

let cloud: Cloud;
let s3: ReturnType<typeof clientsOf>["s3"];
let Bucket: string;
let data: string;
let turn = 0;
/** One bucket per test, so that no test sees another's objects. */
const buckets = Array.from({ length: 60 }, (_, index) => `bucket-${index}`);

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "penstock-test-"));
  cloud = await bootCloud(graphOf(buckets.map(bucket)), { root, dataDirectory: data });
  s3 = clientsOf(cloud.endpoint).s3;
});
afterAll(async () => {
  await cloud.close();
  rmSync(data, { recursive: true });
});
beforeEach(() => {
  Bucket = buckets[turn++] ?? "";
});

async function read(Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? "";
}

async function keysOf(options: { Prefix?: string; Delimiter?: string; MaxKeys?: number } = {}) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, ...options, ...(ContinuationToken ? { ContinuationToken } : {}) }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return { keys, prefixes };
}

describe("objects", () => {
  test("come back as they were put, with their metadata and checksum", async () => {
    const put = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "a.txt",
        Body: "hello",
        ContentType: "text/plain",
        Metadata: { origin: "test" },
        ChecksumAlgorithm: "SHA256",
      }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a.txt", ChecksumMode: "ENABLED" }));

    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got).toMatchObject({
      ContentType: "text/plain",
      ContentLength: 5,
      Metadata: { origin: "test" },
      ETag: `"${createHash("md5").update("hello").digest("hex")}"`,
      ChecksumSHA256: createHash("sha256").update("hello").digest("base64"),
    });
    expect(put.ETag).toBe(got.ETag);
  });

  test.each([
    "plain",
    "with space/and plus+sign",
    "ünïcödé/日本/😀",
    "percent%20not decoded twice",
    "a&b<c>'d\"",
    "double//slash",
    "trailing/",
    "dots/../../../etc/passwd",
    "./here",
    "tab\tand\nnewline",
    "x".repeat(1024),
    "question?mark#hash=",
  ])("can have the key %j", async (Key) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));

    expect(await read(Key)).toBe(Key);
    expect((await keysOf()).keys).toEqual([Key]);
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    expect((await keysOf()).keys).toEqual([]);
  });

  test("whose keys differ in case, in slashes, or contain one another stay apart", async () => {
    const keys = ["a", "A", "a/b", "a//b", "a/b/c", "A/b", "é", "e\u0301", ".keys/x", "a/b.meta"];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: `body of ${Key}` }));

    for (const key of keys) expect(await read(key)).toBe(`body of ${key}`);
    expect(new Set((await keysOf()).keys)).toEqual(new Set(keys));
  });

  test("never leave their bucket's folder, whatever the key", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "../../escaped", Body: "x" }));

    expect(existsSync(join(data, "escaped"))).toBe(false);
    expect(readdirSync(join(data, "s3")).sort()).toEqual([".incoming", ...buckets].sort());
  });

  test("lie in files under their keys, for a look with other tools", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "year=2026/day=1/x.csv", Body: "a,b" }));

    expect(readFileSync(join(data, "s3", Bucket, "year=2026/day=1/x.csv"), "utf8")).toBe("a,b");
  });

  test("of no bytes are objects too", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: new Uint8Array() }));

    expect(await read("empty")).toBe("");
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "empty" }))).ContentLength).toBe(0);
  });

  test("are larger than a request in memory: streamed with a length, in aws-chunked frames", async () => {
    const body = randomBytes(13 * 1024 * 1024);
    const pieces = Array.from({ length: 130 }, (_, index) =>
      body.subarray(index * 104_858, (index + 1) * 104_858),
    );

    await s3.send(
      new PutObjectCommand({ Bucket, Key: "large", Body: Readable.from(pieces), ContentLength: body.length }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "large" }));

    expect(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), body)).toBe(0);
    expect(got.ChecksumCRC32).toBeDefined();
  });

  test("that do not match the checksum sent along are refused and leave nothing", async () => {
    const put = s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "bad",
        Body: "hello",
        ChecksumSHA256: createHash("sha256").digest("base64"),
      }),
    );

    await expect(put).rejects.toMatchObject({ name: "BadDigest" });
    expect((await keysOf()).keys).toEqual([]);
  });

  test("whose upload breaks off are not there, and the cloud lives on", async () => {
    const { port } = new URL(cloud.endpoint);
    const authorization = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, Signature=x";
    await new Promise<void>((resolve) => {
      const upload = request({
        port,
        method: "PUT",
        path: `/${Bucket}/broken`,
        headers: { authorization, "content-length": 1000 },
      });
      upload.on("error", () => resolve());
      upload.write("only a part", () => upload.destroy(new Error("gone")));
    });

    await s3.send(new PutObjectCommand({ Bucket, Key: "next", Body: "x" }));
    expect((await keysOf()).keys).toEqual(["next"]);
  });
});

describe("reads", () => {
  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-4", "6789", "bytes 6-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
  ])("take the range %s", async (Range, body, ContentRange) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));

    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "digits", Range }));

    expect(await got.Body?.transformToString()).toBe(body);
    expect(got.ContentRange).toBe(ContentRange);
    expect(got.$metadata.httpStatusCode).toBe(206);
  });

  test("beyond the end are InvalidRange", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));

    const read = s3.send(new GetObjectCommand({ Bucket, Key: "digits", Range: "bytes=10-20" }));

    await expect(read).rejects.toMatchObject({ name: "InvalidRange", $metadata: { httpStatusCode: 416 } });
  });

  test("go on with the old bytes while the object is overwritten", async () => {
    const old = randomBytes(4 * 1024 * 1024);
    await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: old }));
    const reading = await s3.send(new GetObjectCommand({ Bucket, Key: "x" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "new" }));

    expect(Buffer.compare(Buffer.from((await reading.Body?.transformToByteArray()) ?? []), old)).toBe(0);
    expect(await read("x")).toBe("new");
  });

  test("give one version whole, whatever is written meanwhile", async () => {
    const versions = ["a", "b"].map((fill, index) => Buffer.alloc((index + 1) * 300_000, fill));
    const write = (index: number) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: versions[index % 2] ?? "" }));
    await write(0);

    const writing = (async () => {
      for (let index = 0; index < 40; index++) await write(index);
    })();
    for (let index = 0; index < 40; index++) {
      const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key: "x" }));
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

    for (const [command, name] of calls) await expect(s3.send(command)).rejects.toMatchObject({ name });
    const head = s3.send(new HeadObjectCommand({ Bucket, Key: "nope" }));
    await expect(head).rejects.toMatchObject({ name: "NotFound" });
  });

  test("keep their conditions", async () => {
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x" }));

    const changed = () => s3.send(new GetObjectCommand({ Bucket, Key: "x", IfMatch: '"other"' }));
    const unchanged = () => s3.send(new GetObjectCommand({ Bucket, Key: "x", IfNoneMatch: ETag }));

    await expect(changed()).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(unchanged()).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });
});

describe("conditional writes", () => {
  test("create only what is not there yet, also when many try at once", async () => {
    const writes = Array.from({ length: 10 }, (_, index) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "lock", Body: `writer ${index}`, IfNoneMatch: "*" })),
    );
    const ends = await Promise.allSettled(writes);

    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const losers = ends.filter((end) => end.status === "rejected").map((end) => end.reason.name);
    expect(new Set(losers)).toEqual(new Set(["PreconditionFailed"]));
  });

  test("replace only the version that was read", async () => {
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "1" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "2", IfMatch: ETag }));

    const late = s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "3", IfMatch: ETag }));

    await expect(late).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(await read("x")).toBe("2");
  });
});

describe("listings", () => {
  test("are in the order of the keys' bytes and lose nothing from page to page", async () => {
    const keys = ["B", "a", "A", "b", "_x", "-x", "a-b", "a_b", "a/b", "ä", "z", "\u{1F600}", "\uFFFD"];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));

    const { keys: listed } = await keysOf({ MaxKeys: 2 });

    expect(listed).toEqual(
      [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
    );
  });

  test("roll keys up at a delimiter, the same over several pages", async () => {
    const keys = ["a/1", "a/2", "b", "c/1", "c/2/3", "d"];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));

    const whole = await keysOf({ Delimiter: "/" });
    const paged = await keysOf({ Delimiter: "/", MaxKeys: 1 });

    expect(whole).toEqual({ keys: ["b", "d"], prefixes: ["a/", "c/"] });
    expect(paged).toEqual(whole);
    expect(await keysOf({ Delimiter: "/", Prefix: "c/" })).toEqual({ keys: ["c/1"], prefixes: ["c/2/"] });
  });

  test("come in pages of a thousand", async () => {
    const keys = Array.from({ length: 1203 }, (_, index) => `k${index}`);
    for (let start = 0; start < keys.length; start += 40) {
      const some = keys.slice(start, start + 40);
      await Promise.all(some.map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }))));
    }

    const { Contents, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket }));

    expect([Contents?.length, IsTruncated]).toEqual([1000, true]);
    expect(new Set((await keysOf()).keys)).toEqual(new Set(keys));
  });

  test("name the program's buckets", async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));

    expect(Buckets?.map(({ Name }) => Name)).toEqual([...buckets].sort());
  });
});

describe("multipart uploads", () => {
  const part = (fill: number) => Buffer.alloc(5 * 1024 * 1024, fill);

  test("join their parts in order, with S3's etag of parts", async () => {
    const body = Buffer.concat([part(1), part(2), Buffer.from("end")]);

    const done = await new Upload({
      client: s3,
      params: { Bucket, Key: "joined", Body: Readable.from([body]) },
    }).done();
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "joined" }));

    expect(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), body)).toBe(0);
    const digests = [part(1), part(2), Buffer.from("end")].map((each) =>
      createHash("md5").update(each).digest(),
    );
    const etag = `"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-3"`;
    expect([done.ETag, got.ETag]).toEqual([etag, etag]);
  });

  test("refuse unknown, misordered and too small parts", async () => {
    const Key = "parts";
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const put = (PartNumber: number, Body: Buffer) =>
      s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    const first = await put(1, Buffer.from("small"));
    const second = await put(2, Buffer.from("small too"));
    const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const [one, two] = [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ];

    await expect(complete(one, two)).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(complete(two, one)).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(complete({ ...one, ETag: '"wrong"' })).rejects.toMatchObject({ name: "InvalidPart" });
    const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5],
      [2, 9],
    ]);
    expect((await keysOf()).keys).toEqual([]);
  });

  test("that are aborted are gone", async () => {
    const Key = "aborted";
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));

    const late = s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "x" }));

    await expect(late).rejects.toMatchObject({ name: "NoSuchUpload" });
  });
});

test("a copy has the source's bytes and metadata, or new ones where asked", async () => {
  const Key = "von hier/ä b";
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Metadata: { a: "1" } }));
  const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;

  await s3.send(new CopyObjectCommand({ Bucket, Key: "kept", CopySource }));
  await s3.send(
    new CopyObjectCommand({
      Bucket,
      Key: "new",
      CopySource,
      MetadataDirective: "REPLACE",
      Metadata: { b: "2" },
    }),
  );

  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "kept" }))).Metadata).toEqual({ a: "1" });
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "new" }))).Metadata).toEqual({ b: "2" });
  expect(await read("new")).toBe("x");
});

test("deleting what is not there is no error", async () => {
  const { $metadata } = await s3.send(new DeleteObjectCommand({ Bucket, Key: "nope" }));

  expect($metadata.httpStatusCode).toBe(204);
});

test("what S3 has and the local cloud has not is NotImplemented, never passed over", async () => {
  const calls = [
    () => s3.send(new GetBucketVersioningCommand({ Bucket })),
    () => s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x", Tagging: "a=b" })),
    () => s3.send(new GetObjectCommand({ Bucket, Key: "x", VersionId: "v" })),
    () => s3.send(new GetObjectCommand({ Bucket, Key: "x", PartNumber: 1 })),
    () => s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x", ACL: "public-read" })),
  ];

  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      name: "NotImplemented",
      $metadata: { httpStatusCode: 501 },
    });
  }
});
