import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type DuckSession, openSession, type Row, toEngine, UnsupportedSql } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lint } from "../../packages/runtime/src/sql/lint.ts";
import { CONSTRUCTS, FUNCTIONS, PRELUDE_FUNCTIONS } from "../../packages/runtime/src/sql/subset.ts";
import { subsetCases, tables } from "./subset-cases.ts";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/penstock-subset-`);
  session = await openSession({ memoryMb: 300, threads: 2, tempDirectory: folder });
  for (const [name, sql] of Object.entries(tables)) await session.run(`CREATE TABLE ${name} AS ${sql}`);
});

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted();

describe("on DuckDB", () => {
  test.each(subsetCases.map((one) => [one.says, one] as const))("%s", async (_, { sql, rows }) => {
    expect(sorted(await session.rows(toEngine(sql, "duckdb")))).toEqual(sorted(rows));
  });
});

test("every construct and function of the subset has a case", () => {
  const proven = new Set(subsetCases.flatMap(({ sql }) => [...lint(sql).constructs]));

  // A function is a construct by its own name.
  const listed = [...CONSTRUCTS, ...FUNCTIONS, ...PRELUDE_FUNCTIONS].filter((name) => name !== "function");
  expect(listed.filter((name) => !proven.has(name))).toEqual([]);
});

describe("the subset refuses", () => {
  test.each([
    ["SELECT a / b AS y FROM t", "a division"],
    ["SELECT a / 2 AS y FROM t", "a division"],
    ["SELECT a / 0E0 AS y FROM t", "a division"],
    ["SELECT a / NULLIF(b, 1E0) AS y FROM t", "a division"],
    ["SELECT 1.5 AS y FROM t", "the number 1.5"],
    ["SELECT TIMESTAMP '2025-01-16T08:00:00Z' AS y FROM t", "the timestamp"],
    ["SELECT DATE '16/01/2025' AS y FROM t", "the date"],
    ["SELECT a % 2 AS y FROM t", "mod"],
    ["SELECT substr(s, 0) AS y FROM t", "substr"],
    ["SELECT substr(s, n) AS y FROM t", "substr"],
    ["SELECT substr(s, 1, n) AS y FROM t", "substr"],
    ["SELECT replace(s, '', 'x') AS y FROM t", "replace"],
    ["SELECT replace(s, a, 'x') AS y FROM t", "replace"],
    ["SELECT split(s, '') AS y FROM t", "split"],
    ["SELECT regexp_like(s, a) AS y FROM t", "computed"],
    ["SELECT regexp_like(s, '^a$') AS y FROM t", "$"],
    ["SELECT regexp_like(s, 'a.b') AS y FROM t", "dot"],
    ["SELECT regexp_like(s, '\\d+') AS y FROM t", "escape"],
    ["SELECT regexp_like(s, '(?=a)') AS y FROM t", "group"],
    ["SELECT regexp_like(s, '(?i)a') AS y FROM t", "group"],
    ["SELECT regexp_like(s, '(a)\\1') AS y FROM t", "escape"],
    ["SELECT regexp_like(s, 'a++') AS y FROM t", "possessive"],
    ["SELECT regexp_like(s, '[[:alpha:]]') AS y FROM t", "class"],
    ["SELECT regexp_like(s, '[a&&b]') AS y FROM t", "class"],
    ["SELECT regexp_like(s, '[\\w]') AS y FROM t", "class"],
    ["SELECT CAST(a AS INTEGER) AS y FROM t", "cast"],
    ["SELECT CAST(a AS DECIMAL) AS y FROM t", "DECIMAL"],
    ["SELECT CAST(a AS TIMESTAMP(3)) AS y FROM t", "TIMESTAMP"],
    ["SELECT CAST(a AS VARCHAR(3)) AS y FROM t", "VARCHAR"],
    ["SELECT CAST(a AS TIMESTAMP WITH TIME ZONE) AS y FROM t", "timezone"],
    ["SELECT upper(s) AS y FROM t", "upper"],
    ["SELECT round(a, n) AS y FROM t", "round"],
    ["SELECT round(a, -2) AS y FROM t", "round"],
    ["SELECT avg(a) AS y FROM t", "CAST(… AS DOUBLE)"],
    ["SELECT date_diff('month', a, b) AS y FROM t", "date_diff"],
    ["SELECT date_diff('hour', a, b) AS y FROM t", "date_diff of"],
    ["SELECT date_diff('minute', a, b) AS y FROM t", "date_diff of"],
    ["SELECT date_trunc('month', a) AS y FROM t", "CAST(… AS DATE)"],
    ["SELECT CAST(date_trunc('hour', a) AS DATE) AS y FROM t", "date_trunc"],
    ["SELECT CAST(date_trunc(n, a) AS DATE) AS y FROM t", "date_trunc"],
    ["SELECT date_add('day', 1, a) AS y FROM t", "date_add"],
    ["SELECT extract(HOUR FROM a) AS y FROM t", "Hour"],
    ["SELECT lag(a, 2) OVER (ORDER BY b) AS y FROM t", "offset"],
    ["SELECT concat(a, b) AS y FROM t", "concat"],
    ["SELECT greatest(a, b) AS y FROM t", "greatest"],
    ["SELECT random() AS y FROM t", "random"],
    ["SELECT now() AS y FROM t", "now"],
    ["SELECT current_timestamp AS y FROM t", "current_timestamp"],
    ["SELECT approx_distinct(a) AS y FROM t", "approx"],
    ["SELECT array_agg(a) AS y FROM t", "array_agg"],
    ["SELECT filter(a, x -> x > 1) AS y FROM t", "filter"],
    [
      "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS y FROM t",
      "a frame that starts",
    ],
    [
      "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS y FROM t",
      "a frame",
    ],
    [
      "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS y FROM t",
      "Following",
    ],
    [
      "SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS y FROM t",
      "Range",
    ],
    [
      "SELECT rank() OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS y FROM t",
      "a frame of rank",
    ],
    ["SELECT sqrt(a) AS y FROM t", "sqrt"],
    ["SELECT a FROM t ORDER BY a", "ORDER BY"],
    ["SELECT a FROM t LIMIT 1", "limit"],
    ["SELECT a FROM t OFFSET 1", "offset"],
    ["SELECT a FROM t FULL JOIN u ON t.a = u.a", "Full"],
    ["SELECT a FROM t JOIN u USING (a)", "using"],
    ["SELECT a FROM t TABLESAMPLE BERNOULLI (10)", "sample"],
    ["SELECT a FROM t EXCEPT SELECT a FROM u", "except"],
    ["SELECT a FROM t WHERE a IN (SELECT a FROM u)", "query"],
    ["SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u)", "exists"],
    ["SELECT a FROM t WHERE s LIKE a", "LIKE"],
    ["SELECT a FROM t WHERE s LIKE '10!%' ESCAPE '!'", "LIKE"],
    ["SELECT a FROM t WHERE s LIKE 'a\\_'", "LIKE"],
    ["SELECT a FROM t WHERE s ILIKE 'a'", "i_like"],
    ["SELECT * EXCEPT (a) FROM t", "except"],
    ["SELECT a FROM other.t", "schema"],
    ["SELECT x FROM t CROSS JOIN UNNEST(a) AS v(x)", "unnest"],
    ["WITH RECURSIVE a AS (SELECT 1 AS x) SELECT x FROM a", "recursive"],
    ["SELECT a FROM t GROUP BY GROUPING SETS ((a))", "grouping"],
    ["SELECT a[0] AS x FROM t", "element by something else"],
    ["SELECT a[n] AS x FROM t", "element by something else"],
    ["VALUES (1)", "values"],
    ["DELETE FROM t", "delete"],
    ["CREATE TABLE x AS SELECT 1 AS a", "create_table"],
    ["COPY t TO 'x'", "copy"],
    ["SELECT 1 AS a; SELECT 2 AS a", "more than one"],
    ["SELECT FROM WHERE", "not SQL"],
    ["", ""],
  ])("%s", (sql, reason) => {
    expect(() => toEngine(sql, "duckdb")).toThrow(UnsupportedSql);
    expect(() => toEngine(sql, "duckdb")).toThrow(reason);
  });

  test("a function that only some engines have", () => {
    expect(() => toEngine("SELECT mask_pan(s) AS y FROM t", "athena")).toThrow(/Athena has no mask_pan/);
  });

  test.each(["lower(s)", "round(a, 2)", "day_of_week(a)"])(
    "%s for Spark, where it means another thing",
    (expression) => {
      expect(() => toEngine(`SELECT ${expression} AS y FROM t`, "spark")).toThrow(/not the same on Spark/);
      expect(toEngine(`SELECT ${expression} AS y FROM t`, "athena")).toContain(
        expression.toUpperCase().slice(0, 5),
      );
    },
  );

  test("all foreign constructs of a query at once", () => {
    expect(() => toEngine("SELECT upper(s) AS y, random() AS z FROM t LIMIT 1", "duckdb")).toThrow(
      /upper; .*random; .*limit|limit; .*upper|upper.*limit.*random|random.*upper/,
    );
  });
});
