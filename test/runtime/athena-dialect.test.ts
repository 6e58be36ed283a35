import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type DuckSession, openSession, type Row } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lint } from "../../packages/runtime/src/sql/lint.ts";
import { PRELUDE_FUNCTIONS } from "../../packages/runtime/src/sql/subset.ts";
import { answer, type ExpressionCase } from "./athena-dialect/answer.ts";
import { listCases } from "./athena-dialect/lists.ts";
import { numberCases } from "./athena-dialect/numbers.ts";
import { failures, refusals } from "./athena-dialect/refusals.ts";
import { textCases } from "./athena-dialect/texts.ts";
import { timeCases } from "./athena-dialect/times.ts";
import { subsetCases, tables } from "./subset-cases.ts";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/penstock-athena-dialect-`);
  session = await openSession({ memoryMb: 300, threads: 2, tempDirectory: folder });
  await session.run(`CREATE TABLE t AS SELECT * FROM (VALUES
    (1, 'a', 1.25::DECIMAL(12,2), 1.5::DOUBLE, DATE '2025-01-16', TIMESTAMP '2025-01-16 08:00:00', ['x', 'y']),
    (2, NULL, 2.50, NULL, DATE '2025-02-01', TIMESTAMP '2025-02-01 09:30:00', []),
    (3, 'b', NULL, 4.5, NULL, NULL, NULL)
  ) v(id, s, p, d, day, moment, tags)`);
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted();

const kinds: readonly (readonly [string, readonly ExpressionCase[]])[] = [
  ["numbers", numberCases],
  ["texts", textCases],
  ["times", timeCases],
  ["lists", listCases],
];

describe.each(kinds)("by Trino's rules: %s", (_, cases) => {
  test.each(cases)("%s: %s", async (_says, expression, value) => {
    expect(await answer(session, `SELECT ${expression} AS y`)).toEqual([{ y: value }]);
  });
});

const shared = subsetCases.filter(
  ({ sql }) => ![...lint(sql).constructs].some((name) => PRELUDE_FUNCTIONS.has(name)),
);

describe("what all engines share means the same by Trino's own list", () => {
  beforeAll(async () => {
    for (const [name, sql] of Object.entries(tables))
      await session.run(`CREATE TABLE shared_${name} AS ${sql}`);
  });

  test.each(shared.map((one) => [one.says, one] as const))("%s", async (_, { sql, rows }) => {
    const found = await answer(session, sql, "shared_");

    expect(sorted(found)).toEqual(sorted(rows));
  });
});

test("a mean of decimals is a decimal of as many digits, of others a double, of nothing NULL", async () => {
  const sql = "SELECT avg(p) AS p, avg(id) AS n, avg(d) AS d, avg(p) FILTER (WHERE id > 3) AS none FROM t";

  expect(await answer(session, sql)).toEqual([{ p: 1.88, n: 2, d: 3, none: null }]);
});

test("a mean over a window is one too", async () => {
  const sql =
    "SELECT id, avg(p) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS m FROM t ORDER BY id";

  expect(await answer(session, sql)).toEqual([
    { id: 1, m: 1.25 },
    { id: 2, m: 1.88 },
    { id: 3, m: 2.5 },
  ]);
});

test("aggregates without rows: a count of none is 0, NULL otherwise", async () => {
  const sql = `SELECT count_if(id > 5) AS n, max_by(s, p) AS m, stddev(d) FILTER (WHERE id = 1) AS s, bool_or(id > 1) FILTER (WHERE id = 1) AS b,
    arbitrary(s) AS a, approx_distinct(s) AS k, approx_percentile(d, 0.5) AS q, corr(id, 1) AS c FROM t`;

  const [row] = await answer(session, sql);

  expect(row).toEqual({ n: 0, m: null, s: null, b: false, a: "a", k: 2, q: 1.5, c: null });
});

test("NULL comes last in either order unless the query says otherwise", async () => {
  const ordered = async (by: string) =>
    (await answer(session, `SELECT s FROM t ORDER BY ${by}`)).map(({ s }) => s);

  expect(await ordered("s")).toEqual(["a", "b", null]);
  expect(await ordered("s DESC")).toEqual(["b", "a", null]);
  expect(await ordered("s DESC NULLS FIRST")).toEqual([null, "b", "a"]);
});

test("a column without a name is called by its place", async () => {
  const [row] = await answer(session, "SELECT id, count(*), id + 1 FROM t WHERE id = 1 GROUP BY id");

  expect(row).toEqual({ id: 1, _col1: 1, _col2: 2 });
});

test("the columns of USING come first, once", async () => {
  const sql =
    "SELECT * FROM (SELECT 5 AS a, 1 AS id) AS l FULL JOIN (SELECT 2 AS id, 7 AS b) AS r USING (id) ORDER BY id";

  const rows = await answer(session, sql);

  expect(rows.map((row) => Object.entries(row))).toEqual([
    [
      ["id", 1],
      ["a", 5],
      ["b", null],
    ],
    [
      ["id", 2],
      ["a", null],
      ["b", 7],
    ],
  ]);
});

test("a zero is divided by only where a condition lets it", async () => {
  const sql = "SELECT id FROM t WHERE id <> 2 AND 4 / (id - 2) > 0";

  expect(await answer(session, sql)).toEqual([{ id: 3 }]);
});

describe("Athena refuses, and so does this", () => {
  test.each(failures)("%s", async (sql, reason) => {
    await expect(answer(session, sql)).rejects.toThrow(reason);
  });
});

describe("what does not run here is refused by its name in Trino", () => {
  test.each(refusals)("%s", async (sql, reason) => {
    await expect(answer(session, sql)).rejects.toMatchObject({
      name: "UnsupportedSql",
      message: expect.stringContaining(reason),
    });
  });
});
