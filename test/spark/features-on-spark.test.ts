import { type FeatureGroup, featureGroups, featureTables } from "@penstock/contracts";
import { type Row, type S3Uri, text, toEngine } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { featureQuery, splitQuery } from "../../packages/features/src/feature-queries.ts";
import { daysAfter } from "../../packages/features/src/run-window.ts";
import { putCleanRows } from "../features/clean-rows.ts";
import { DAYS, FIRST_DAY, seededEvents } from "../features/seeded-events.ts";
import { type TestLake, testLake } from "../lake/lake-fixture.ts";
import { runOnSpark, withoutSpark } from "./spark-jobs.ts";

const EVENTS = 10_000;
const lastDay = daysAfter(FIRST_DAY, DAYS - 1);
const windows = {
  weekly: { from: FIRST_DAY, to: lastDay },
  daily: { from: daysAfter(FIRST_DAY, 9), to: daysAfter(FIRST_DAY, 9) },
} as const;
type Mode = keyof typeof windows;
const modes: readonly Mode[] = ["weekly", "daily"];

const Answers = v.record(v.string(), v.array(v.record(v.string(), v.any())));

/** Rows by key, so that they can be compared one by one. */
function byKey(rows: readonly Row[], key: string): Map<string, Row> {
  const found = new Map(rows.map((row) => [String(row[key]), row]));
  expect(found.size).toBe(rows.length);
  return found;
}

/** Numbers to a billionth, all else as it is. */
function expectSame(row: Row | undefined, wanted: Row): void {
  expect(Object.keys(row ?? {}).toSorted()).toEqual(Object.keys(wanted).toSorted());
  for (const [column, value] of Object.entries(wanted)) {
    const found = row?.[column];
    const near =
      typeof value === "number" &&
      typeof found === "number" &&
      Math.abs(found - value) <= 1e-9 * Math.max(1, Math.abs(value));
    if (!near) expect(found, column).toEqual(value);
  }
}

describe.skipIf(withoutSpark)(
  `features on Spark${withoutSpark ? " (run by npm run test:spark)" : ""}`,
  () => {
    let lake: TestLake;
    let onSpark: Record<Mode, v.InferOutput<typeof Answers>>;

    beforeAll(async () => {
      lake = await testLake();
      await putCleanRows(lake.session, lake.folder, seededEvents(EVENTS, 11));
      const inputs: { name: string; uris: S3Uri[] }[] = [];
      for (const name of ["all_interactions", "products"]) {
        const file = `${lake.folder}/${name}.parquet`;
        const uri: S3Uri = `s3://features/clean/${name}.parquet`;
        await lake.session.run(`COPY ${name} TO ${text(file)} (FORMAT parquet)`);
        await lake.store.upload(file, uri);
        inputs.push({ name, uris: [uri] });
      }
      const plans: S3Uri[] = [];
      for (const mode of modes) {
        const query = (name: string, sql: string) => ({ name, sql, spark: toEngine(sql, "spark") });
        const plan: S3Uri = `s3://artifacts/features/${mode}.json`;
        const groups = featureGroups.map((group) => query(group, featureQuery(group, windows[mode])));
        await lake.store.putJson(plan, {
          inputs,
          steps: [
            query("interactions", `SELECT * FROM all_interactions WHERE day <= ${text(windows[mode].to)}`),
            query("features", featureQuery("interaction", windows[mode])),
          ],
          outputs: [],
          reports: [...groups, query("split", splitQuery())],
          result: `s3://artifacts/features/${mode}-result.json`,
        });
        plans.push(plan);
      }

      expect(await runOnSpark(lake, plans)).toEqual([null, null]);
      const answers = async (mode: Mode) =>
        v.parse(Answers, await lake.store.getJson(`s3://artifacts/features/${mode}-result.json`));
      onSpark = { weekly: await answers("weekly"), daily: await answers("daily") };
    }, 600_000);

    afterAll(async () => {
      await lake?.[Symbol.asyncDispose]();
    });

    const onDuckDb = async (mode: Mode, sql: string): Promise<Row[]> => {
      const { session } = lake;
      await session.run(
        `CREATE OR REPLACE VIEW interactions AS SELECT * FROM all_interactions WHERE day <= ${text(windows[mode].to)}`,
      );
      return session.rows(toEngine(sql, "duckdb"));
    };
    const compare = (mode: Mode, name: FeatureGroup | "split", wanted: readonly Row[], key: string) => {
      const rows = byKey(onSpark[mode][name] ?? [], key);
      expect(rows.size).toBe(wanted.length);
      expect(wanted.length).toBeGreaterThan(50);
      for (const row of wanted) expectSame(rows.get(String(row[key])), row);
    };

    test.each(modes.flatMap((mode) => featureGroups.map((group) => [mode, group] as const)))(
      "%s %s features are those of DuckDB",
      async (mode, group) => {
        const wanted = await onDuckDb(mode, featureQuery(group, windows[mode]));

        compare(mode, group, wanted, featureTables[group].key);
      },
    );

    test("the split is that of DuckDB", async () => {
      await lake.session.run(
        `CREATE OR REPLACE VIEW interactions AS SELECT * FROM all_interactions WHERE day <= ${text(lastDay)}`,
      );
      await lake.session.run(
        `CREATE TABLE features AS ${toEngine(featureQuery("interaction", windows.weekly), "duckdb")}`,
      );

      compare("weekly", "split", await onDuckDb("weekly", splitQuery()), "interaction_id");
    });
  },
);
