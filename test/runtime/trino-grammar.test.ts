import { type FeatureGroup, featureGroups, type MartsManifest } from "@penstock/contracts";
import { athenaStatement, buildCheck, toEngine } from "@penstock/runtime";
import { describe, expect, test } from "vitest";
import { bindBuild } from "../../packages/copilot/src/guard/bind-build.ts";
import { checkQuery } from "../../packages/copilot/src/guard/check-query.ts";
import { featureStatement, splitStatement } from "../../packages/features/src/feature-queries.ts";
import { lint } from "../../packages/runtime/src/sql/lint.ts";
import { PRELUDE_FUNCTIONS } from "../../packages/runtime/src/sql/subset.ts";
import { subsetCases } from "./subset-cases.ts";
import { trinoFaults, unloadFaults } from "./trino-grammar.ts";

const attempt = "weekly-2026-11-20-0123abcd";
const rows = { database: "penstock_dev_features", snapshot: attempt };
const statement = (group: FeatureGroup) =>
  featureStatement(
    group,
    { from: "2026-11-01", to: "2026-11-20" },
    { rows, to: `s3://features/features/v1/${group}/try={try}/` },
  );
const split = splitStatement(
  { database: rows.database, attempt, date: "2026-11-20" },
  `s3://features/training/${attempt}/try={try}/`,
);
const statements = [
  ...featureGroups.map((group) => [`${group} features`, statement(group)] as const),
  ["the split", split] as const,
];

test("the grammar finds what Athena would refuse", () => {
  expect(trinoFaults("SELECT a FRM b WHERE c")).not.toEqual([]);
  expect(trinoFaults("SELECT a FROM b QUALIFY row_number() OVER (ORDER BY c) = 1")).not.toEqual([]);
  expect(
    unloadFaults(
      "UNLOAD (SELECT a FRM b WHERE) TO 's3://b/k/' WITH (format = 'PARQUET', compression = 'SNAPPY')",
    ),
  ).not.toEqual([]);
  expect(unloadFaults("UNLOAD (SELECT 1 AS a) TO 's3://b/k/'")).not.toEqual([]);
});

describe("Trino's grammar takes", () => {
  test.each(statements)("%s", (_, sql) => {
    expect(unloadFaults(sql)).toEqual([]);
  });

  test("the check of a build", () => {
    expect(trinoFaults(buildCheck("20261120T060000Z-000001", { orders: 1, sales: 2 }).sql)).toEqual([]);
  });

  test.each([
    "SELECT region, sum(revenue) AS total FROM orders WHERE counts GROUP BY region ORDER BY total DESC, region LIMIT 3",
    "WITH late AS (SELECT order_id FROM orders WHERE is_late) SELECT count(*) AS n FROM late",
    "SELECT region FROM orders UNION ALL SELECT region FROM customers",
    "SELECT month, sum(revenue) AS y FROM sales WHERE month LIKE '2018-%' GROUP BY month",
  ])("a question's query over a build: %s", (sql) => {
    const object = (partition: Record<string, string>) => ({ key: "k", rows: 1, bytes: 1, partition });
    const manifest: MartsManifest = {
      build: "20180501T060000Z-000002",
      built_at: "2018-05-01T06:00:00Z",
      as_of: "2018-04-18",
      curated_rows: 1,
      orders_left_out: 0,
      tables: {
        customers: { rows: 1, bytes: 1, objects: [object({ as_of: "2018-04-18" })] },
        orders: { rows: 1, bytes: 1, objects: [object({ month: "2018-01" })] },
        sales: { rows: 1, bytes: 1, objects: [object({ month: "2018-01" })] },
      },
    };
    const checked = checkQuery(sql, manifest, { maxRows: 10, maxBytes: 1000 });

    expect(trinoFaults(bindBuild(checked, "penstock_dev_marts", manifest.build))).toEqual([]);
  });

  test("every case of the subset as it is written for Athena", () => {
    const onAthena = subsetCases.filter(
      ({ sql }) => ![...lint(sql).constructs].some((name) => PRELUDE_FUNCTIONS.has(name)),
    );

    expect(onAthena.length).toBeGreaterThan(80);
    expect(onAthena.flatMap(({ sql }) => trinoFaults(toEngine(sql, "athena")))).toEqual([]);
  });
});

describe("the statements of features", () => {
  test.each(statements)("%s are short enough for Athena, and are read as what they are", (_, sql) => {
    const { unload, tables } = athenaStatement(sql, undefined);

    expect(Buffer.byteLength(sql)).toBeLessThan(262_144);
    expect(sql).not.toMatch(/\b(FROM|JOIN) (interactions|products|features)\b/);
    expect(unload?.compression).toBe("snappy");
    expect(new Set(tables.map(({ database }) => database))).toEqual(new Set([rows.database]));
  });

  test("values that are not of their form never come into a statement", () => {
    const window = { from: "2026-11-01", to: "2026-11-20" };
    const to = "s3://features/x/";

    expect(() => featureStatement("user", { ...window, from: "x' OR 1=1" }, { rows, to })).toThrow(/no day/);
    expect(() => featureStatement("user", window, { rows: { ...rows, snapshot: "'" }, to })).toThrow(
      /attempt/,
    );
    expect(() => featureStatement("user", window, { rows: { ...rows, database: 'a"b' }, to })).toThrow(
      /database/,
    );
    expect(() => featureStatement("user", window, { rows, to: "s3://features/a'b/" })).toThrow(/prefix/);
  });
});
