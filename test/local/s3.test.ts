import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
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
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
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

describe("objects", () => {
  test("come back as they were put, with their metadata and checksum", async () => {
    const put = await there.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "a.txt",
        Body: "hello",
        ContentType: "text/plain",
        Metadata: { origin: "test" },
        ChecksumAlgorithm: "SHA256",
      }),
    );
    const got = await there.s3.send(new GetObjectCommand({ Bucket, Key: "a.txt", ChecksumMode: "ENABLED" }));

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
    await there.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));

    expect(await there.read(Bucket, Key)).toBe(Key);
    expect((await there.keysOf(Bucket)).keys).toEqual([Key]);
    await there.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    expect((await there.keysOf(Bucket)).keys).toEqual([]);
  });

  test("whose keys differ in case, in slashes, or contain one another stay apart", async () => {
    const keys = ["a", "A", "a/b", "a//b", "a/b/c", "A/b", "é", "e\u0301", ".keys/x", "a/b.meta"];
    for (const Key of keys)
      await there.s3.send(new PutObjectCommand({ Bucket, Key, Body: `body of ${Key}` }));

    for (const key of keys) expect(await there.read(Bucket, key)).toBe(`body of ${key}`);
    expect(new Set((await there.keysOf(Bucket)).keys)).toEqual(new Set(keys));
  });

  test("never leave their bucket's folder, whatever the key", async () => {
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "../../escaped", Body: "x" }));

    expect(existsSync(join(there.data, "escaped"))).toBe(false);
    expect(readdirSync(join(there.data, "s3")).sort()).toEqual([".incoming", ...there.buckets].sort());
  });

  test("lie in files under their keys, for a look with other tools", async () => {
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "year=2026/day=1/x.csv", Body: "a,b" }));

    expect(readFileSync(join(there.data, "s3", Bucket, "year=2026/day=1/x.csv"), "utf8")).toBe("a,b");
  });

  test("of no bytes are objects too", async () => {
    await there.s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: new Uint8Array() }));

    expect(await there.read(Bucket, "empty")).toBe("");
    expect((await there.s3.send(new HeadObjectCommand({ Bucket, Key: "empty" }))).ContentLength).toBe(0);
  });

  test("are larger than a request in memory: streamed with a length, in aws-chunked frames", async () => {
    const body = randomBytes(13 * 1024 * 1024);
    const pieces = Array.from({ length: 130 }, (_, index) =>
      body.subarray(index * 104_858, (index + 1) * 104_858),
    );

    await there.s3.send(
      new PutObjectCommand({ Bucket, Key: "large", Body: Readable.from(pieces), ContentLength: body.length }),
    );
    const got = await there.s3.send(new GetObjectCommand({ Bucket, Key: "large" }));

    expect(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), body)).toBe(0);
    expect(got.ChecksumCRC32).toBeDefined();
  });

  test("that do not match the checksum sent along are refused and leave nothing", async () => {
    const put = there.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "bad",
        Body: "hello",
        ChecksumSHA256: createHash("sha256").digest("base64"),
      }),
    );

    await expect(put).rejects.toMatchObject({ name: "BadDigest" });
    expect((await there.keysOf(Bucket)).keys).toEqual([]);
  });

  test("whose upload breaks off are not there, and the cloud lives on", async () => {
    const { port } = new URL(there.endpoint);
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

    await there.s3.send(new PutObjectCommand({ Bucket, Key: "next", Body: "x" }));
    expect((await there.keysOf(Bucket)).keys).toEqual(["next"]);
  });
});

describe("multipart uploads", () => {
  const part = (fill: number) => Buffer.alloc(5 * 1024 * 1024, fill);

  test("join their parts in order, with S3's etag of parts", async () => {
    const body = Buffer.concat([part(1), part(2), Buffer.from("end")]);

    const done = await new Upload({
      client: there.s3,
      params: { Bucket, Key: "joined", Body: Readable.from([body]) },
    }).done();
    const got = await there.s3.send(new GetObjectCommand({ Bucket, Key: "joined" }));

    expect(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), body)).toBe(0);
    const digests = [part(1), part(2), Buffer.from("end")].map((each) =>
      createHash("md5").update(each).digest(),
    );
    const etag = `"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-3"`;
    expect([done.ETag, got.ETag]).toEqual([etag, etag]);
  });

  test("refuse unknown, misordered and too small parts", async () => {
    const Key = "parts";
    const { UploadId } = await there.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const put = (PartNumber: number, Body: Buffer) =>
      there.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    const first = await put(1, Buffer.from("small"));
    const second = await put(2, Buffer.from("small too"));
    const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      there.s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      );
    const [one, two] = [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ];

    await expect(complete(one, two)).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(complete(two, one)).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(complete({ ...one, ETag: '"wrong"' })).rejects.toMatchObject({ name: "InvalidPart" });
    const { Parts } = await there.s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5],
      [2, 9],
    ]);
    expect((await there.keysOf(Bucket)).keys).toEqual([]);
  });

  test("that are aborted are gone", async () => {
    const Key = "aborted";
    const { UploadId } = await there.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await there.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));

    const late = there.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "x" }));

    await expect(late).rejects.toMatchObject({ name: "NoSuchUpload" });
  });
});

test("a copy has the source's bytes and metadata, or new ones where asked", async () => {
  const Key = "von hier/ä b";
  await there.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Metadata: { a: "1" } }));
  const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;

  await there.s3.send(new CopyObjectCommand({ Bucket, Key: "kept", CopySource }));
  await there.s3.send(
    new CopyObjectCommand({
      Bucket,
      Key: "new",
      CopySource,
      MetadataDirective: "REPLACE",
      Metadata: { b: "2" },
    }),
  );

  expect((await there.s3.send(new HeadObjectCommand({ Bucket, Key: "kept" }))).Metadata).toEqual({ a: "1" });
  expect((await there.s3.send(new HeadObjectCommand({ Bucket, Key: "new" }))).Metadata).toEqual({ b: "2" });
  expect(await there.read(Bucket, "new")).toBe("x");
});

test("deleting what is not there is no error", async () => {
  const { $metadata } = await there.s3.send(new DeleteObjectCommand({ Bucket, Key: "nope" }));

  expect($metadata.httpStatusCode).toBe(204);
});

test("what S3 has and the local cloud has not is NotImplemented, never passed over", async () => {
  const calls = [
    () => there.s3.send(new GetBucketVersioningCommand({ Bucket })),
    () => there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x", Tagging: "a=b" })),
    () => there.s3.send(new GetObjectCommand({ Bucket, Key: "x", VersionId: "v" })),
    () => there.s3.send(new GetObjectCommand({ Bucket, Key: "x", PartNumber: 1 })),
    () => there.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x", ACL: "public-read" })),
  ];

  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      name: "NotImplemented",
      $metadata: { httpStatusCode: 501 },
    });
  }
});
