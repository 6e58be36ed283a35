import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  directoryObjectStore,
  type ObjectStore,
  openSession,
  parsePlan,
  type QueryPlan,
  runPlan,
  type SessionOptions,
  s3Uri,
  text,
} from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;
let store: ObjectStore;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-plan-"));
  store = directoryObjectStore(path.join(folder, "objects"));
  await put(
    "numbers.parquet",
    "SELECT range AS id, range % 1000 AS bucket, md5(CAST(range AS VARCHAR)) AS word FROM range(200000) ORDER BY hash(range)",
  );
  await put(
    "more.parquet",
    "SELECT range + 200000 AS id, 7 AS bucket, 'card 4111 1111 1111 1111' AS word FROM range(10)",
  );
  await put("none.parquet", "SELECT 1 AS id, 2 AS bucket, 'x' AS word LIMIT 0");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, sql: string): Promise<void> {
  await using session = await openSession({
    memoryMb: 200,
    threads: 1,
    tempDirectory: path.join(folder, "put"),
  });
  const file = path.join(folder, name);
  await session.run(`COPY (${sql}) TO ${text(file)} (FORMAT parquet)`);
  await store.upload(file, s3Uri("raw", name));
}

const plan = (...inputs: string[]): QueryPlan => ({
  inputs: [{ name: "raw", uris: inputs.map((name) => s3Uri("raw", name)) }],
  steps: [
    {
      name: "checked",
      sql: `SELECT "id", "bucket", COALESCE(hidden_cards(ARRAY["word"])[1], "word") AS "word", "bucket" = 7 AS "odd" FROM raw`,
    },
    { name: "kept", sql: `SELECT "id", "bucket", "word" FROM checked WHERE NOT "odd"` },
    { name: "rejected", sql: `SELECT "id", "word" FROM checked WHERE "odd"` },
  ],
  outputs: [
    { from: "kept", to: s3Uri("out", "kept.parquet"), orderBy: ["bucket", "word", "id"] },
    { from: "rejected", to: s3Uri("out", "rejected.parquet"), orderBy: ["id"] },
  ],
  reports: [{ name: "counts", sql: `SELECT count(*) AS "n", sum("id") AS "s" FROM checked WHERE "odd"` }],
  result: s3Uri("out", "result.json"),
});

async function run(queryPlan: QueryPlan, options: Partial<SessionOptions> = {}) {
  const workDirectory = await mkdtemp(path.join(folder, "work-"));
  await using session = await openSession({
    memoryMb: 200,
    threads: 2,
    tempDirectory: path.join(workDirectory, "spill"),
    directories: [workDirectory],
    ...options,
  });
  const reports = await runPlan(queryPlan, { session, store, workDirectory });
  const digests: Record<string, string> = {};
  for await (const { uri, bytes } of store.list(s3Uri("out", ""))) {
    digests[uri] = createHash("sha256")
      .update(await store.range(uri, 0, bytes))
      .digest("hex");
  }
  return { reports, digests, left: await readdir(workDirectory) };
}

async function rows(name: string, sql: string) {
  await using session = await openSession({
    memoryMb: 200,
    threads: 1,
    tempDirectory: path.join(folder, "look"),
  });
  const file = path.join(folder, "look.parquet");
  await store.download(s3Uri("out", name), file);
  return session.rows(sql.replaceAll("FILE", `read_parquet(${text(file)})`));
}

describe("a plan", () => {
  test("reads its inputs together, runs the steps, and writes outputs, reports and result", async () => {
    const { reports } = await run(plan("numbers.parquet", "more.parquet"));

    expect(reports).toEqual({ counts: [{ n: 210, s: 21901445 }] });
    expect(await store.getJson(s3Uri("out", "result.json"))).toEqual(reports);
    expect(await rows("kept.parquet", "SELECT count(*) AS n FROM FILE")).toEqual([{ n: 199800 }]);
    expect(await rows("rejected.parquet", `SELECT DISTINCT word FROM FILE WHERE id >= 200000`)).toEqual([
      { word: "card ************1111" },
    ]);
  });

  test("writes the same bytes whatever the threads, the memory and the number of the run", async () => {
    const queryPlan = plan("numbers.parquet", "more.parquet");
    const digests = new Set<string>();

    for (const options of [
      { threads: 1 },
      { threads: 2 },
      { threads: 4 },
      { threads: 2, memoryMb: 60 },
      {},
    ]) {
      digests.add(JSON.stringify((await run(queryPlan, options)).digests));
    }

    expect(digests.size).toBe(1);
  });

  test("writes Snappy Parquet in the order asked for, in row groups of a fixed size", async () => {
    await run(plan("numbers.parquet"));

    const groups = await rows(
      "kept.parquet",
      `SELECT DISTINCT row_group_id, row_group_num_rows AS n, compression AS c
       FROM parquet_metadata('${path.join(folder, "look.parquet")}') ORDER BY row_group_id`,
    );
    expect(groups.map(({ n }) => n)).toEqual([61440, 61440, 61440, 199800 - 3 * 61440]);
    expect(new Set(groups.map(({ c }) => c))).toEqual(new Set(["SNAPPY"]));
    const unordered = await rows(
      "kept.parquet",
      `SELECT count(*) AS n FROM (SELECT (bucket, word, id) < lag((bucket, word, id)) OVER (ORDER BY file_row_number) AS back
       FROM read_parquet('${path.join(folder, "look.parquet")}', file_row_number = true)) WHERE back`,
    );
    expect(unordered).toEqual([{ n: 0 }]);
  });

  test("writes an output without rows as an object with its columns", async () => {
    await run(plan("none.parquet"));

    expect(await rows("kept.parquet", "SELECT column_name AS c FROM (DESCRIBE SELECT * FROM FILE)")).toEqual([
      { c: "id" },
      { c: "bucket" },
      { c: "word" },
    ]);
  });

  test("leaves no output file behind, and can be run again in the same session", async () => {
    const workDirectory = await mkdtemp(path.join(folder, "work-"));
    await using session = await openSession({
      memoryMb: 200,
      threads: 2,
      tempDirectory: path.join(folder, "spill"),
    });
    const queryPlan = plan("more.parquet");

    const first = await runPlan(queryPlan, { session, store, workDirectory });
    const second = await runPlan(queryPlan, { session, store, workDirectory });

    expect(second).toEqual(first);
    expect((await readdir(workDirectory)).filter((name) => name.startsWith("output"))).toEqual([]);
  });

  test("fails with ObjectMissing when an input is gone", async () => {
    await expect(run(plan("gone.parquet"))).rejects.toMatchObject({ name: "ObjectMissing" });
  });

  test("fails before anything is fetched when a query is outside the subset", async () => {
    const queryPlan = plan("gone.parquet");
    queryPlan.steps.push({ name: "random", sql: "SELECT random() AS r FROM raw" });

    await expect(run(queryPlan)).rejects.toMatchObject({ name: "UnsupportedSql" });
  });
});

describe("an output in partitions", () => {
  const parted = (bucket: string): QueryPlan => ({
    ...plan("numbers.parquet"),
    steps: [
      {
        name: "kept",
        sql: `SELECT "id", "word", ${bucket} AS "bucket" FROM raw WHERE "bucket" IN (3, 5, 7)`,
      },
    ],
    outputs: [
      {
        from: "kept",
        to: "s3://parted/of/",
        orderBy: ["bucket", "word", "id"],
        partition: { by: ["bucket"], columns: ["word", "id"], report: "written" },
      },
    ],
    reports: [{ name: "counts", sql: `SELECT count(*) AS "n" FROM kept` }],
  });
  const named = parted(`CAST("bucket" AS VARCHAR)`);

  test("is an object per folder, sorted, of the columns named, and told as it is", async () => {
    const { reports, left } = await run(named);

    expect(reports.counts).toEqual([{ n: 600 }]);
    const sizes = new Map<string, number>();
    for await (const { uri, bytes } of store.list("s3://parted/")) sizes.set(uri, bytes);
    expect(reports.written).toEqual(
      [3, 5, 7].map((bucket) => {
        const uri = `s3://parted/of/bucket=${bucket}/part-0.parquet`;
        return { uri, partition: `bucket=${bucket}`, rows: 200, bytes: sizes.get(uri) };
      }),
    );
    expect(sizes.size).toBe(3);
    expect(await store.getJson(s3Uri("out", "result.json"))).toEqual(reports);
    await store.download("s3://parted/of/bucket=5/part-0.parquet", path.join(folder, "parted.parquet"));
    await store.upload(path.join(folder, "parted.parquet"), s3Uri("out", "parted.parquet"));
    expect(
      await rows(
        "parted.parquet",
        "SELECT list(word) = list(word ORDER BY word) AS sorted, min(id % 1000) AS least, max(id % 1000) AS most FROM FILE",
      ),
    ).toEqual([{ sorted: true, least: 5, most: 5 }]);
    expect(left.filter((name) => name.startsWith("step"))).toEqual([]);
    await store.remove(s3Uri("out", "parted.parquet"));
  });

  test("has the same bytes whatever the threads and the memory", async () => {
    const digests = new Set<string>();
    for (const options of [{ threads: 1 }, { threads: 4 }, { threads: 2, memoryMb: 60 }]) {
      await run(named, options);
      const tags: string[] = [];
      for await (const { uri, etag } of store.list("s3://parted/")) tags.push(`${uri} ${etag}`);
      digests.add(tags.toSorted().join());
    }

    expect(digests.size).toBe(1);
  });

  test("has the same bytes where the inputs are so many that its rows are kept in a file, or each folder's stand apart", async () => {
    // Hashes do not compress: 70 MB.
    await put(
      "many.parquet",
      "SELECT md5(CAST(range AS VARCHAR)) || md5(CAST(-range AS VARCHAR)) AS w FROM range(1100000)",
    );
    const tags = async (queryPlan: QueryPlan) => {
      const { left } = await run({ ...queryPlan, reports: [] });
      const found: string[] = [];
      for await (const { uri, etag } of store.list("s3://parted/")) found.push(`${uri} ${etag}`);
      return { objects: found.toSorted(), files: left.filter((name) => name.startsWith("step")) };
    };

    const few = await tags(named);
    const inputs = [...named.inputs, { name: "many", uris: [s3Uri("raw", "many.parquet")] }];
    const many = await tags({ ...named, inputs });
    // One folder more than the rows are in.
    const folders = {
      name: "folders",
      sql: `SELECT CAST("bucket" AS VARCHAR) AS "bucket" FROM raw WHERE "bucket" IN (3, 4, 5, 7)`,
    };
    const apart = await tags({
      ...named,
      inputs,
      steps: [...named.steps, folders],
      outputs: named.outputs.map(({ partition, ...output }) =>
        partition === undefined ? output : { ...output, partition: { ...partition, apart: "folders" } },
      ),
    });

    expect(many.objects).toEqual(few.objects);
    expect(apart.objects).toEqual(few.objects);
    expect([few.files, many.files, apart.files]).toEqual([[], ["step-0.parquet"], []]);
  });

  test.each([
    ["a slash", `CAST("bucket" AS VARCHAR) || '/x'`],
    ["nothing", "CAST(NULL AS VARCHAR)"],
    ["no letter", "''"],
  ])("fails when a folder's name would be %s", async (_, bucket) => {
    await expect(run(parted(bucket))).rejects.toMatchObject({ name: "QueryFailed" });
  });
});

describe("a plan as JSON", () => {
  test("comes back as it was written", () => {
    const queryPlan = plan("numbers.parquet");

    expect(parsePlan(JSON.parse(JSON.stringify(queryPlan)))).toEqual(queryPlan);
  });

  test.each([
    ["an unknown field", { ...plan("x"), more: 1 }, "more"],
    ["an input without objects", { ...plan(), steps: [] }, "inputs.0.uris"],
    [
      "an output without an order",
      { ...plan("x"), outputs: [{ from: "a", to: "s3://b/c", orderBy: [] }] },
      "orderBy",
    ],
    ["a result that is no URI", { ...plan("x"), result: "here" }, "result"],
    ["no object", "plan", "the whole value"],
  ])("is refused for %s", (_, value, field) => {
    expect(() => parsePlan(value)).toThrow(expect.objectContaining({ name: "InvalidInput" }));
    expect(() => parsePlan(value)).toThrow(field);
  });
});
