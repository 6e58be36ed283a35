import { type Row, type S3Uri, text, toEngine } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lint } from "../../packages/runtime/src/sql/lint.ts";
import { NOT_ON_SPARK } from "../../packages/runtime/src/sql/subset.ts";
import { type TestLake, testLake } from "../lake/lake-fixture.ts";
import { subsetCases as allCases, tables } from "../runtime/subset-cases.ts";
import { runOnSpark, withoutSpark } from "./spark-jobs.ts";

/** Spark is not given what it would answer otherwise. */
const subsetCases = allCases.filter(
  ({ sql }) => ![...lint(sql).constructs].some((name) => NOT_ON_SPARK.has(name)),
);

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted();

describe.skipIf(withoutSpark)(
  `the subset of SQL, on Spark${withoutSpark ? " (run by npm run test:spark)" : ""}`,
  () => {
    let lake: TestLake;
    let answers: Record<string, Row[]>;

    beforeAll(async () => {
      lake = await testLake();
      const inputs: { name: string; uris: S3Uri[] }[] = [];
      for (const [name, sql] of Object.entries(tables)) {
        const file = `${lake.folder}/${name}.parquet`;
        // Spark would take brackets for a pattern and year=2025 for a column.
        const uri: S3Uri = `s3://raw/a b/year=2025/${name} [1].parquet`;
        await lake.session.run(`COPY (${sql}) TO ${text(file)} (FORMAT parquet)`);
        await lake.store.upload(file, uri);
        inputs.push({ name, uris: [uri] });
      }
      const reports = subsetCases.map(({ says, sql }) => ({
        name: says,
        sql,
        spark: toEngine(sql, "spark"),
      }));
      const result: S3Uri = "s3://artifacts/subset/result.json";
      const plan: S3Uri = "s3://artifacts/subset/plan.json";
      await lake.store.putJson(plan, { inputs, steps: [], outputs: [], reports, result });

      const ends = await runOnSpark(lake, [plan]);

      expect(ends).toEqual([null]);
      answers = v.parse(
        v.record(v.string(), v.array(v.record(v.string(), v.any()))),
        await lake.store.getJson(result),
      );
    }, 600_000);

    afterAll(async () => {
      await lake?.[Symbol.asyncDispose]();
    });

    test.each(subsetCases.map((one) => [one.says, one] as const))("%s", (says, { rows }) => {
      expect(sorted(answers[says] ?? [])).toEqual(sorted(rows));
    });
  },
);
