import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucket, mapCloud } from "./map-cloud.ts";

let cloud: Awaited<ReturnType<typeof mapCloud>>;
beforeAll(async () => {
  cloud = await mapCloud();
});
afterAll(() => cloud.close());

/** An ItemReader of one object. */
const object = (Key: string, ReaderConfig: object, more: object = {}) => ({
  ItemReader: {
    Resource: "arn:aws:states:::s3:getObject",
    Arguments: { Bucket: bucket, Key, ...more },
    ReaderConfig,
  },
});
/** An ItemReader of all objects below a prefix. */
const listing = (Prefix: string, ReaderConfig?: object) => ({
  ItemReader: {
    Resource: "arn:aws:states:::s3:listObjectsV2",
    Arguments: { Bucket: bucket, Prefix },
    ...(ReaderConfig === undefined ? {} : { ReaderConfig }),
  },
});
const withSource = { ItemSelector: { from: "{% $states.context.Map.Item.Source %}" } };

const firstRow = { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" };
/** Rows in two row groups. */
const parquet = (rows: number, perGroup = 2) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: Array.from({ length: rows }, (_, n) => n), type: "INT32" },
        { name: "big", data: Array.from({ length: rows }, (_, n) => BigInt(n) + 2n ** 60n), type: "INT64" },
        {
          name: "name",
          data: Array.from({ length: rows }, (_, n) => (n === 1 ? null : `n${n}`)),
          type: "STRING",
        },
        {
          name: "at",
          data: Array.from({ length: rows }, () => new Date("2026-01-02T03:04:05Z")),
          type: "TIMESTAMP",
        },
      ],
      rowGroupSize: perGroup,
    }),
  );

describe("objects of a bucket", () => {
  test("items are what S3 lists of each object, over as many pages as there are", async () => {
    await Promise.all(Array.from({ length: 5 }, (_, n) => cloud.put(`listed/${n}.txt`, "0HelloWorld!")));

    const { result } = await cloud.run({
      ...listing("listed/"),
      ItemReader: {
        Resource: "arn:aws:states:::s3:listObjectsV2",
        Arguments: { Bucket: bucket, Prefix: "listed/", MaxKeys: 2 },
      },
    });

    expect(result).toHaveLength(5);
    expect(result[0]).toEqual({
      Etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      Key: "listed/0.txt",
      LastModified: expect.any(Number),
      Size: 12,
      StorageClass: "STANDARD",
    });
    expect(Number.isInteger(result[0].LastModified)).toBe(true);
    expect(result[0].LastModified).toBeLessThan(1e10);
  });

  test("their source is the bucket", async () => {
    await cloud.put("one/a", "1");

    const { result } = await cloud.run({ ...listing("one/"), ...withSource });

    expect(result).toEqual([{ from: `s3://${bucket}` }]);
  });

  test.each([
    ["JSON", { InputType: "JSON" }, '[{"n":1},{"n":2}]', '[{"n":3}]', [{ n: 1 }, { n: 2 }, { n: 3 }]],
    ["JSONL", { InputType: "JSONL" }, '{"n":1}\n{"n":2}\n', '{"n":3}', [{ n: 1 }, { n: 2 }, { n: 3 }]],
    ["CSV", firstRow, "n\n1\n2\n", "n\n3", [{ n: "1" }, { n: "2" }, { n: "3" }]],
  ])("LOAD_AND_FLATTEN makes items of what is inside of them: %s", async (type, config, one, two, items) => {
    await cloud.put(`flat-${type}/`, new Uint8Array());
    await cloud.put(`flat-${type}/1`, one);
    await cloud.put(`flat-${type}/2`, two);

    const { result } = await cloud.run(
      listing(`flat-${type}/`, { ...config, Transformation: "LOAD_AND_FLATTEN" }),
    );

    expect(result).toEqual(items);
  });

  test("LOAD_AND_FLATTEN tells each object as the source, and counts items over all objects", async () => {
    await cloud.put("sources/a.json", "[1,2]");
    await cloud.put("sources/b.json", "[3,4]");

    const { result } = await cloud.run({
      ...listing("sources/", { InputType: "JSON", Transformation: "LOAD_AND_FLATTEN", MaxItems: 3 }),
      ItemSelector: {
        n: "{% $states.context.Map.Item.Value %}",
        at: "{% $states.context.Map.Item.Index %}",
        from: "{% $states.context.Map.Item.Source %}",
      },
    });

    expect(result).toEqual([
      { n: 1, at: 0, from: `s3://${bucket}/sources/a.json` },
      { n: 2, at: 1, from: `s3://${bucket}/sources/a.json` },
      { n: 3, at: 2, from: `s3://${bucket}/sources/b.json` },
    ]);
  });
});

const packed = Buffer.from('{"a":"ä"}\n{"a":2}');

describe("one object", () => {
  test.each([
    ["JSON", { InputType: "JSON" }, "[1,2,3]", [1, 2, 3]],
    ["JSON at a pointer", { InputType: "JSON", ItemsPointer: "/a~1b/0" }, '{"a/b":[[4]]}', [4]],
    ["JSONL with empty lines", { InputType: "JSONL" }, '{"a":1}\n\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
    [
      "CSV: quotes, delimiters and lines within them, rows too short and too long",
      firstRow,
      'a,b\r\n1,"x, ""y""\nz"\r\n2\r\n\r\n3,4,5',
      [
        { a: "1", b: 'x, "y"\nz' },
        { a: "2", b: "" },
        { a: "3", b: "4" },
      ],
    ],
    [
      "CSV: a backslash keeps the delimiter, a quotation mark and itself, and is dropped before anything else",
      firstRow,
      'a,b\nC:\\\\Files,x\\,y\n\\n,\\"q\\"',
      [
        { a: "C:\\Files", b: "x,y" },
        { a: "n", b: '"q"' },
      ],
    ],
    [
      "CSV with given headers and another delimiter",
      { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["x", "y"], CSVDelimiter: "TAB" },
      "1\t2\n3\t4",
      [
        { x: "1", y: "2" },
        { x: "3", y: "4" },
      ],
    ],
    ["as many as MaxItems", { InputType: "JSONL", MaxItems: "{% $states.input.most %}" }, "1\n2\n3", [1, 2]],
    ["all of them when MaxItems is 0", { InputType: "JSON", MaxItems: 0 }, "[1,2]", [1, 2]],
  ])("%s", async (name, config, text, items) => {
    await cloud.put(`object/${name}`, text);

    const { result, error } = await cloud.run(object(`object/${name}`, config), { most: 2 });

    expect(error).toBeUndefined();
    expect(result).toEqual(items);
  });

  test.each([
    ["gz", gzipSync(packed)],
    ["zstd", zstdCompressSync(packed)],
  ])("is decompressed when its key ends with .%s", async (ending, bytes) => {
    await cloud.put(`packed.jsonl.${ending}`, bytes);

    const { result } = await cloud.run(object(`packed.jsonl.${ending}`, { InputType: "JSONL" }));

    expect(result).toEqual([{ a: "ä" }, { a: 2 }]);
  });

  test("Parquet, one row group after the other", async () => {
    await cloud.put("rows.parquet", parquet(3));

    const { result } = await cloud.run({ ...object("rows.parquet", { InputType: "PARQUET" }) });

    const at = "2026-01-02T03:04:05.000Z";
    expect(result).toEqual([
      { id: 0, big: "1152921504606846976", name: "n0", at },
      { id: 1, big: "1152921504606846977", name: null, at },
      { id: 2, big: "1152921504606846978", name: "n2", at },
    ]);
  });
});

describe("members of an object", () => {
  const named = {
    ItemSelector: {
      key: "{% $states.context.Map.Item.Key %}",
      value: "{% $states.context.Map.Item.Value %}",
      from: "{% $states.context.Map.Item.Source %}",
    },
  };

  test("are items with a key: of the state's own data", async () => {
    const { result } = await cloud.run({ Items: "{% $states.input %}", ...named }, { a: 1, b: [2] });
    const plain = await cloud.run({ Items: { a: 1, b: 2 } });

    expect(result).toEqual([
      { key: "a", value: 1, from: "STATE_DATA" },
      { key: "b", value: [2], from: "STATE_DATA" },
    ]);
    expect(plain.result).toEqual([1, 2]);
  });

  test("are items with a key: of an object that a pointer leads to", async () => {
    await cloud.put("members.json", '{"inner":{"a":1,"b":2}}');

    const config = { InputType: "JSON", ItemsPointer: "/inner" };
    const { result } = await cloud.run({ ...object("members.json", config), ...named });

    const from = `s3://${bucket}/members.json`;
    expect(result).toEqual([
      { key: "a", value: 1, from },
      { key: "b", value: 2, from },
    ]);
  });
});

describe("manifests", () => {
  const inventory = {
    sourceBucket: "somewhere",
    destinationBucket: `arn:aws:s3:::${bucket}`,
    version: "2016-11-30",
    fileFormat: "CSV",
    fileSchema: "Bucket, Key, Size",
    files: [{ key: "inventory/1.csv.gz" }, { key: "inventory/2.csv.gz" }],
  };

  test.each([{ InputType: "MANIFEST" }, { ManifestType: "S3_INVENTORY" }])(
    "an S3 inventory gives what it knows of each object: %j",
    async (config) => {
      await cloud.put("inventory/1.csv.gz", gzipSync('"somewhere","a b.txt","0"\n"somewhere","c","12"\n'));
      await cloud.put("inventory/2.csv.gz", gzipSync('"somewhere","d","3"\n'));
      await cloud.put("inventory/manifest.json", JSON.stringify(inventory));

      const { result } = await cloud.run(object("inventory/manifest.json", config));

      expect(result).toEqual([
        { Bucket: "somewhere", Key: "a b.txt", Size: "0" },
        { Bucket: "somewhere", Key: "c", Size: "12" },
        { Bucket: "somewhere", Key: "d", Size: "3" },
      ]);
    },
  );

  test("an Athena manifest gives the rows of the objects that it lists, and their sources", async () => {
    await cloud.put("unload/1.gz", gzipSync('{"n":1}\n{"n":2}'));
    await cloud.put("unload/2.gz", gzipSync('{"n":3}'));
    await cloud.put("unload/manifest.csv", `s3://${bucket}/unload/1.gz\ns3://${bucket}/unload/2.gz\n`);

    const config = { ManifestType: "ATHENA_DATA", InputType: "JSONL" };
    const selector = {
      n: "{% $states.context.Map.Item.Value.n %}",
      from: "{% $states.context.Map.Item.Source %}",
    };
    const { result } = await cloud.run({ ...object("unload/manifest.csv", config), ItemSelector: selector });

    expect(result).toEqual([
      { n: 1, from: `s3://${bucket}/unload/1.gz` },
      { n: 2, from: `s3://${bucket}/unload/1.gz` },
      { n: 3, from: `s3://${bucket}/unload/2.gz` },
    ]);
  });

  test("an Athena manifest may list Parquet", async () => {
    await cloud.put("unload/rows", parquet(3));
    await cloud.put("unload/parquet.csv", `s3://${bucket}/unload/rows`);

    const config = { ManifestType: "ATHENA_DATA", InputType: "PARQUET" };
    const { result } = await cloud.run({
      ...object("unload/parquet.csv", config),
      ItemSelector: "{% $states.context.Map.Item.Value.id %}",
    });

    expect(result).toEqual([0, 1, 2]);
  });
});

describe("what cannot be read fails with States.ItemReaderFailed", () => {
  const json = { InputType: "JSON" };
  test.each([
    [
      "an object that is not there",
      object("nowhere", json),
      "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey;",
    ],
    [
      "a bucket that is not there",
      { ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", Arguments: { Bucket: "nobucket" } } },
      "NoSuchBucket",
    ],
    ["JSON that is none", object("broken.json", json), "The file is not JSON"],
    ["JSON that is no array", object("object.json", json), "Attempting to map over non-iterable node."],
    [
      "nothing at the pointer",
      object("object.json", { ...json, ItemsPointer: "/x" }),
      "ItemsPointer does not match any valid path",
    ],
    ["the same header twice", object("twice.csv", firstRow), "CSV headers cannot contain duplicates."],
    ["Parquet that is none", object("object.json", { InputType: "PARQUET" }), "The file is not Parquet"],
    [
      "a version of Parquet",
      object("object.json", { InputType: "PARQUET" }, { VersionId: "1" }),
      "VersionId is not supported",
    ],
    ["a broken compression", object("broken.gz", { InputType: "JSONL" }), "incorrect header check"],
    [
      "a manifest that is none",
      object("object.json", { InputType: "MANIFEST" }),
      "it has no destinationBucket",
    ],
    [
      "a negative MaxItems",
      object("object.json", { ...json, MaxItems: "{% -1 %}" }),
      "field MaxItems must be positive",
    ],
  ])("%s", async (_, map, cause) => {
    await cloud.put("broken.json", "nope");
    await cloud.put("object.json", '{"a":1}');
    await cloud.put("twice.csv", "a,a\n1,2");
    await cloud.put("broken.gz", "not gzip");

    const ended = await cloud.run(map);

    expect(ended).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
    expect(ended.cause).toContain(cause);
  });

  test("an expression in it that fails is an evaluation error of the state", async () => {
    const ended = await cloud.run(object("{% $nothing %}", json));

    expect(ended).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  });
});
