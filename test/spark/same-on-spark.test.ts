import { randomUUID } from "node:crypto";
import path from "node:path";
import { inspect, planRefine } from "@penstock/lake";
import { openSession, parsePlan, type Row, runPlan, type S3Uri, text, toEngine } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestLake, testLake, writeParquet } from "../lake/lake-fixture.ts";
import { edgeTexts } from "./edge-texts.ts";
import { edgeObjects } from "./raw-objects.ts";
import { runOnSpark, withoutSpark } from "./spark-jobs.ts";

/** The same plan for both engines, each with outputs of its own. */
interface Pair {
  readonly duckdb: S3Uri;
  readonly spark: S3Uri;
}

const MASKS = ["mask_email", "mask_pan", "mask_phone", "mask_ssn"];

describe.skipIf(withoutSpark)(
  `the Glue job's script${withoutSpark ? " (run by npm run test:spark)" : ""}`,
  () => {
    let lake: TestLake;
    let ends: (string | null)[];
    const pairs: Pair[] = [];
    let texts: Pair;

    beforeAll(async () => {
      lake = await testLake();
      const keys: string[] = [];
      for (const { table, name, columns, rows } of edgeObjects)
        keys.push(await lake.put(table, name, columns, rows));
      // Parents of what follows: children have some that are there and some that are not.
      for (const key of [keys[0] ?? "", keys[2] ?? ""]) await lake.arrive(key);
      for (const [index, key] of keys.entries()) {
        pairs.push({
          duckdb: await plan(lake, key, `duckdb-${index}`),
          spark: await plan(lake, key, `spark-${index}`),
        });
      }
      texts = await preludePlans(lake);
      await lake.store.putJson("s3://artifacts/broken/plan.json", {
        inputs: [],
        steps: [
          { name: "sound", sql: "", spark: "SELECT 1 AS x" },
          { name: "broken", sql: "", spark: "SELECT y FROM sound" },
        ],
        outputs: [],
        reports: [],
        result: "s3://artifacts/broken/result.json",
      });
      for (const { duckdb } of [...pairs, texts]) await runOnDuckDb(lake, duckdb);
      ends = await runOnSpark(lake, [
        ...pairs.map(({ spark }) => spark),
        texts.spark,
        "s3://artifacts/broken/plan.json",
        "s3://artifacts/none/plan.json",
      ]);
      // A dozen plans at ten to thirty seconds each, on a machine that others use too.
    }, 900_000);

    afterAll(async () => {
      await lake?.[Symbol.asyncDispose]();
    });

    test.each(edgeObjects.map(({ table, name }, index) => [`${table} ${name}`, index] as const))(
      "refines %s as DuckDB does: the same rows in the same order, and the same reports",
      async (_, index) => {
        expect(ends[index]).toBeNull();
        const { duckdb, spark } = pairs[index] ?? expect.unreachable();

        const expected = await whatIsThere(lake, duckdb);
        const found = await whatIsThere(lake, spark);

        expect(found.reports).toEqual(expected.reports);
        expect(found.outputs).toEqual(expected.outputs);
      },
    );

    test("masks and counts as DuckDB does, in every text", async () => {
      expect(ends[pairs.length]).toBeNull();

      const expected = await whatIsThere(lake, texts.duckdb);
      const found = await whatIsThere(lake, texts.spark);

      expect(expected.outputs[0]?.rows).toHaveLength(edgeTexts.length);
      expect(found).toEqual(expected);
    });

    test("ends with an error that names the step", () => {
      expect(ends[pairs.length + 1]).toMatch(/^PlanFailed: step "broken" failed: UNRESOLVED_COLUMN/);
    });

    test("ends with an error that names a plan that is not there", () => {
      expect(ends[pairs.length + 2]).toContain("s3://artifacts/none/plan.json");
    });

    test("leaves nothing beside the outputs", async () => {
      const names = Object.keys(await lake.objects("artifacts")).filter((key) =>
        key.startsWith("refine/spark-2/"),
      );

      expect(names.toSorted()).toEqual(
        ["curated.parquet", "pending.parquet", "plan.json", "quarantine.parquet", "result.json"].map(
          (name) => `refine/spark-2/${name}`,
        ),
      );
    });
  },
);

async function plan(lake: TestLake, key: string, run_id: string): Promise<S3Uri> {
  const { table, source, etag, arrived_at, detail } = await inspect(
    { run_id, bucket: "raw", key, table: null },
    lake.ports,
  );
  if (table === null || source === null) throw new Error(`${key} is refused: ${detail}`);
  const planned = await planRefine(
    { run_id, bucket: "raw", key, table, source, etag, arrived_at },
    lake.ports,
  );
  return planned.plan;
}

/** Every function of the prelude over {@link edgeTexts}. */
async function preludePlans(lake: TestLake): Promise<Pair> {
  const file = await writeParquet(
    lake.session,
    path.join(lake.folder, "texts"),
    { i: "BIGINT", s: "VARCHAR" },
    edgeTexts.map((s, i) => ({ i, s })),
  );
  await lake.store.upload(file, "s3://raw/texts.parquet");
  const sql = `SELECT i, hidden_cards(ARRAY[s, s])[2] AS hidden, ${MASKS.map((name) => `${name}(s) AS ${name}`).join(", ")} FROM texts`;
  const uriOf = async (engine: string): Promise<S3Uri> => {
    const prefix: S3Uri = `s3://artifacts/texts-${engine}/`;
    await lake.store.putJson(`${prefix}plan.json`, {
      inputs: [{ name: "texts", uris: ["s3://raw/texts.parquet"] }],
      steps: [{ name: "masked", sql, spark: toEngine(sql, "spark") }],
      outputs: [{ from: "masked", to: `${prefix}masked.parquet`, orderBy: ["i"] }],
      reports: [],
      result: `${prefix}result.json`,
    });
    return `${prefix}plan.json`;
  };
  return { duckdb: await uriOf("duckdb"), spark: await uriOf("spark") };
}

async function runOnDuckDb(lake: TestLake, uri: S3Uri): Promise<void> {
  const folder = path.join(lake.folder, randomUUID());
  await using session = await openSession({
    memoryMb: 400,
    threads: 2,
    tempDirectory: path.join(folder, "spill"),
  });
  await runPlan(parsePlan(await lake.store.getJson(uri)), {
    session,
    store: lake.store,
    workDirectory: folder,
  });
}

/** Rows of the outputs in the order of their files with their types, and the reports. */
async function whatIsThere(lake: TestLake, uri: S3Uri) {
  const { outputs, result } = parsePlan(await lake.store.getJson(uri));
  const found: { from: string; types: string[][]; rows: Row[] }[] = [];
  for (const { from, to } of outputs) {
    const file = path.join(lake.folder, "store", to.slice("s3://".length));
    const relation = `read_parquet(${text(file)}, hive_partitioning = false, file_row_number = true)`;
    const described = await lake.session.describe(relation);
    found.push({
      from,
      types: described.map(({ name, type }) => [name, from === "quarantine" ? asSparkKeeps(type) : type]),
      rows: await lake.session.rows(`SELECT * FROM ${relation} ORDER BY file_row_number`),
    });
  }
  return { outputs: found, reports: await lake.store.getJson(result) };
}

/** The one difference: Spark has no nanoseconds, and no way to tell old files' moments with a zone from those without. */
function asSparkKeeps(type: string): string {
  return type.startsWith("TIMESTAMP") ? "TIMESTAMP" : type;
}
