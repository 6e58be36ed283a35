import type { MartsManifest } from "@penstock/contracts";
import { describe, expect, test } from "vitest";
import { bindBuild } from "../../packages/copilot/src/guard/bind-build.ts";
import { checkQuery } from "../../packages/copilot/src/guard/check-query.ts";

const object = (month: string, bytes: number) => ({ key: "k", rows: 1, bytes, partition: { month } });
const manifest: MartsManifest = {
  build: "20180501T060000Z-000002",
  built_at: "2018-05-01T06:00:00Z",
  as_of: "2018-04-18",
  curated_rows: 1,
  orders_left_out: 0,
  tables: {
    customers: { rows: 1, bytes: 10, objects: [{ ...object("", 10), partition: { as_of: "2018-04-18" } }] },
    orders: { rows: 1, bytes: 100, objects: [object("2018-01", 40), object("2018-02", 60)] },
    sales: { rows: 2, bytes: 1500, objects: [object("2018-01", 800), object("2018-02", 700)] },
  },
};
const check = (sql: string, maxBytes = 1_000_000) => checkQuery(sql, manifest, { maxRows: 100, maxBytes });

/** The bytes that a query is taken to read: the least that a question must be allowed. */
function bytesOf(sql: string): number {
  const found = /up to (\d+) bytes/.exec(String(thrown(() => check(sql, 1))))?.[1];
  return Number(found);
}

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("a query that may run", () => {
  test.each([
    [
      "a limit is added",
      "select region, sum(revenue) as total from orders where counts group by region",
      "SELECT region, SUM(revenue) AS total FROM orders WHERE counts GROUP BY region LIMIT 100",
    ],
    ["a limit is lowered", "SELECT region FROM orders LIMIT 5000", "SELECT region FROM orders LIMIT 100"],
    [
      "a smaller limit stays",
      "SELECT region FROM orders ORDER BY 1 LIMIT 5",
      "SELECT region FROM orders ORDER BY 1 LIMIT 5",
    ],
    [
      "a union has one limit for all of it",
      "SELECT region FROM orders UNION ALL SELECT region FROM customers",
      "SELECT region FROM orders UNION ALL SELECT region FROM customers LIMIT 100",
    ],
    [
      "text is text, whatever stands in it",
      "SELECT 'it''s; DROP TABLE x -- \" /*' AS t FROM orders",
      "SELECT 'it''s; DROP TABLE x -- \" /*' AS t FROM orders LIMIT 100",
    ],
    [
      "tables of its own, each over those before it",
      "WITH a AS (SELECT region, revenue FROM orders), b AS (SELECT region, sum(revenue) AS r FROM a GROUP BY region) SELECT r FROM b",
      "WITH a AS (SELECT region, revenue FROM orders), b AS (SELECT region, SUM(revenue) AS r FROM a GROUP BY region) SELECT r FROM b LIMIT 100",
    ],
    [
      "a subquery sees the columns around it",
      "SELECT (SELECT max(c.spend) FROM customers AS c WHERE c.customer_id = o.customer_id) AS most FROM orders AS o",
      "SELECT (SELECT MAX(c.spend) FROM customers AS c WHERE c.customer_id = o.customer_id) AS most FROM orders AS o LIMIT 100",
    ],
    [
      "one row of aggregates beside others multiplies nothing",
      "SELECT o.region, t.r FROM orders AS o CROSS JOIN (SELECT sum(revenue) AS r FROM orders) AS t",
      "SELECT o.region, t.r FROM orders AS o CROSS JOIN (SELECT SUM(revenue) AS r FROM orders) AS t LIMIT 100",
    ],
  ])("%s", (_, sql, written) => {
    expect(check(sql).sql).toBe(written);
  });

  test.each([
    [
      "each line with its customer and its product",
      "SELECT s.region FROM sales AS s JOIN customers AS c ON c.customer_id = s.customer_id JOIN products AS p ON p.product_id = s.product_id",
    ],
    [
      "customers with their lines",
      "SELECT c.city FROM customers AS c JOIN sales AS s ON s.customer_id = c.customer_id",
    ],
    [
      "lines of one order with each other",
      "SELECT a.product_id FROM sales AS a JOIN sales AS b ON b.order_id = a.order_id AND b.product_id > a.product_id",
    ],
    [
      "days with the sums of their month",
      "SELECT d.region FROM daily_sales AS d JOIN regional_sales AS r ON r.month = d.month AND r.region = d.region AND r.category = d.category",
    ],
    [
      "orders with the mean of their region",
      "SELECT o.order_id FROM orders AS o JOIN (SELECT region, sum(paid) AS mean FROM orders GROUP BY 1) AS m ON m.region = o.region",
    ],
    [
      "orders picked in WITH, and their lines",
      "WITH late AS (SELECT order_id AS id, region FROM orders WHERE is_late) SELECT s.category FROM late AS l JOIN sales AS s ON s.order_id = l.id",
    ],
    [
      "months that are grouped by an expression",
      "WITH m AS (SELECT CAST(date_trunc('month', purchase_date) AS date) AS m, sum(revenue) AS r FROM sales GROUP BY CAST(date_trunc('month', purchase_date) AS date)) SELECT a.r FROM m AS a JOIN m AS b ON b.m = a.m",
    ],
  ])("joins %s", (_, sql) => {
    expect(check(sql).marts.length).toBeGreaterThan(0);
  });

  test("reads the rows of one build, and no table of a build's beside the marts that it names", () => {
    const bound = bindBuild(
      check("WITH a AS (SELECT region FROM customers) SELECT region FROM a"),
      "db",
      manifest.build,
    );

    expect(bound).toMatch(
      /^WITH customers AS \(SELECT "customer_id", .*"as_of" FROM "db"\."customers" WHERE build = '20180501T060000Z-000002'\), "a" AS \(SELECT region FROM customers\) SELECT region FROM a LIMIT 100$/,
    );
    expect(bound).not.toContain("orders AS (");
  });

  test("may name tables of its own by words of SQL", () => {
    const bound = bindBuild(
      check('WITH "select" AS (SELECT region FROM orders) SELECT region FROM "select"'),
      "db",
      manifest.build,
    );

    expect(bound).toMatch(
      /, "select" AS \(SELECT region FROM orders\) SELECT region FROM "select" LIMIT 100$/,
    );
  });

  test("a name of a build that is none goes into no query", () => {
    expect(() => bindBuild(check("SELECT region FROM orders"), "db", "' OR '1' = '1")).toThrow(
      /a build's name/,
    );
  });
});

describe("a join that multiplies rows is refused", () => {
  test.each([
    ["lines of a product", "SELECT a.region FROM sales AS a JOIN sales AS b ON b.product_id = a.product_id"],
    ["orders of a region", "SELECT a.region FROM orders AS a JOIN orders AS b ON b.region = a.region"],
    [
      "a part of a key",
      "SELECT d.region FROM daily_sales AS d JOIN regional_sales AS r ON r.region = d.region AND r.month = d.month",
    ],
    [
      "a column under the name of a key",
      "SELECT a.order_id FROM (SELECT region AS order_id FROM sales) AS a JOIN (SELECT region AS order_id FROM sales) AS b ON b.order_id = a.order_id",
    ],
    [
      "columns that get names of others",
      "SELECT a.order_id FROM (SELECT order_id, region FROM orders) AS a(region, order_id) JOIN sales AS b ON b.region = a.order_id",
    ],
    [
      "lines beside lines of one customer",
      "SELECT c.city FROM customers AS c JOIN sales AS s ON s.customer_id = c.customer_id JOIN sales AS t ON t.customer_id = c.customer_id",
    ],
    [
      "groups by a part of what they are grouped by",
      "SELECT o.order_id FROM orders AS o JOIN (SELECT region, city, sum(paid) AS p FROM orders GROUP BY region, city) AS m ON m.region = o.region",
    ],
    [
      "in a subquery of a condition",
      "SELECT region FROM orders WHERE paid > (SELECT sum(a.paid) FROM orders AS a JOIN orders AS b ON b.status = a.status)",
    ],
    [
      "in WITH",
      "WITH a AS (SELECT x.paid FROM orders AS x JOIN orders AS y ON y.counts = x.counts) SELECT sum(paid) AS p FROM a",
    ],
  ])("%s", (_, sql) => {
    expect(thrown(() => check(sql))).toMatchObject({ name: "Refused", code: "cross_join" });
  });
});

test("texts are replaced twice in a query at most: each time they grow", () => {
  const replaced = (times: number) =>
    `SELECT ${"replace(".repeat(times)}city${", 'a', 'aaaaaaaaaaaaaaaa')".repeat(times)} AS c FROM orders`;

  expect(check(replaced(2)).limit).toBe(100);
  expect(thrown(() => check(replaced(3)))).toMatchObject({ name: "Refused", code: "unsupported_sql" });
});

describe("the bytes that a query reads", () => {
  test.each([
    ["all months without a word of them", "SELECT region FROM sales", 1500],
    ["one month", "SELECT region FROM sales WHERE month = '2018-01' AND counts", 800],
    ["one month, the other way round", "SELECT region FROM sales WHERE '2018-02' <= month", 700],
    ["months of a list", "SELECT region FROM sales WHERE month IN ('2018-02', '2018-03')", 700],
    ["months between two", "SELECT region FROM sales WHERE month BETWEEN '2017-01' AND '2018-01'", 800],
    [
      "not between is not understood",
      "SELECT region FROM sales WHERE NOT month BETWEEN '2018-01' AND '2018-01'",
      1500,
    ],
    ["an alternative prunes nothing", "SELECT region FROM sales WHERE month = '2018-01' OR counts", 1500],
    [
      "a month of another table prunes nothing here",
      "SELECT s.region FROM sales AS s JOIN orders AS o ON o.order_id = s.order_id WHERE o.month = '2018-01'",
      1540,
    ],
    [
      "a table that is named twice is read twice",
      "SELECT a.region FROM sales AS a JOIN sales AS b ON b.order_id = a.order_id",
      3000,
    ],
    [
      "a table in WITH as often as it is named",
      "WITH a AS (SELECT order_id FROM sales) SELECT x.order_id FROM a AS x JOIN a AS y ON y.order_id = x.order_id",
      3000,
    ],
    [
      "both parts of a union",
      "SELECT region FROM sales UNION ALL SELECT region FROM orders WHERE month = '2018-02'",
      1560,
    ],
    [
      "a subquery of a condition",
      "SELECT region FROM orders WHERE revenue > (SELECT max(spend) FROM customers)",
      110,
    ],
  ])("%s", (_, sql, bytes) => {
    expect(bytesOf(sql)).toBe(bytes);
  });
});
