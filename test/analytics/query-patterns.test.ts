import { AskedQuestion, askedQuestionKey } from "@penstock/contracts";
import { QueryPatternsResult, type QueryUse, queryPatterns } from "@penstock/models";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { shopOrders } from "./orders.ts";
import { testShop } from "./shop.ts";

const known = {
  tables: new Set(["sales", "orders"]),
  others: new Set(["region", "revenue", "order_id", "build", "category", "penstock_marts", "quantity"]),
};

function use(sql: string, more: Partial<QueryUse> = {}): QueryUse {
  const one = { source: "history", outcome: "succeeded", seconds: 1, scanned_bytes: 10 } as const;
  return { sql, at: "2026-11-20T10:00:00Z", ...one, ...more };
}

function patternsOf(...uses: readonly QueryUse[]) {
  const result = queryPatterns(uses, known);
  return result.status === "ok" ? result.patterns : [];
}

describe("a pattern of queries", () => {
  test.for([
    ["SELECT region FROM sales WHERE category = 'it''s'", "SELECT region FROM sales WHERE category = ?"],
    [
      "select REGION\n from Sales -- of Ada\n where revenue > 1.5e3;",
      "SELECT region FROM sales WHERE revenue > ?",
    ],
    ['SELECT "region" FROM "penstock_marts"."sales"', "SELECT region FROM penstock_marts.sales"],
    [
      "SELECT region FROM sales WHERE category IN ('a', 'b',3)",
      "SELECT region FROM sales WHERE category IN (?)",
    ],
    [
      "SELECT s.region, sum(s.revenue) AS total FROM sales s GROUP BY s.region ORDER BY total DESC LIMIT 5",
      "SELECT x1.region, sum(x1.revenue) AS x2 FROM sales x1 GROUP BY x1.region ORDER BY x2 DESC LIMIT ?",
    ],
    ["SELECT region FROM sales WHERE category = 'open", "SELECT region FROM sales WHERE category = ?"],
    ["sales of jane doe /* 4111", "sales x1 x2 x3"],
    [
      'WITH sales AS (SELECT region, (revenue) FROM "penstock_marts"."sales" WHERE build = \'b1\'), x AS (SELECT 1) SELECT region FROM sales',
      "WITH x1 AS (SELECT ?) SELECT region FROM sales",
    ],
  ] as const)("of %s", ([sql, pattern]) => {
    expect(patternsOf(use(sql)).map((one) => one.pattern)).toEqual([pattern]);
  });

  test("counts what the copilot ran once, as a question", () => {
    const sql = "SELECT region FROM sales";
    const bound = `WITH sales AS (SELECT * FROM penstock_marts.sales WHERE build = 'b1') ${sql}`;

    const [pattern] = patternsOf(
      use(sql, { source: "question", seconds: 2, at: "2026-11-20T11:00:00Z" }),
      use(sql, { source: "question", outcome: "refused", seconds: null, scanned_bytes: null }),
      use(bound),
      use(bound, { outcome: "failed", scanned_bytes: 5 }),
      use(sql, { seconds: 4 }),
    );

    expect(pattern).toEqual({
      pattern: sql,
      tables: ["sales"],
      queries: 4,
      asked: 2,
      failed: 2,
      median_seconds: 2,
      p95_seconds: 4,
      scanned_bytes: 25,
      last_at: "2026-11-20T11:00:00Z",
    });
  });

  test("is never made of a value or of somebody's name, whatever the text", () => {
    const secret = fc.constantFrom(
      "Jane",
      "O'Hara",
      "4111111111111111",
      "jane@example.com",
      "Łukasz",
      "名前",
    );
    const around = fc.constantFrom("", "'", '"', "`", " = ", ", ", "(", "--", "/*", "\n", "::", "$$");
    fc.assert(
      fc.property(fc.array(fc.tuple(around, secret, around), { minLength: 1 }), (parts) => {
        const result = queryPatterns([use(`SELECT region FROM sales ${parts.flat().join("")}`)], known);
        expect(v.safeParse(QueryPatternsResult, result).issues).toBeUndefined();
        expect(JSON.stringify(result)).not.toMatch(/jane|hara|411|example|ukasz|名前/i);
      }),
      { numRuns: 300 },
    );
  });

  test("needs a query of the marts", () => {
    expect(queryPatterns([use("SELECT 1")], known)).toMatchObject({ status: "not enough data" });
    expect(queryPatterns([], known)).toMatchObject({ status: "not enough data" });
  });
});

test("questions that were asked are read from their objects, day by day, and those of no form are counted", async () => {
  await using shop = await testShop();
  const asked = (id: string, day: string): AskedQuestion => ({
    id,
    asked_at: `${day}T10:00:00Z`,
    question: "What did Jane Doe buy?",
    sql: "SELECT quantity FROM sales WHERE customer_id = 'jane'",
    outcome: "answered",
    reason: null,
    seconds: 1,
    scanned_bytes: 100,
  });
  const bucket = shop.ports.settings.prod["retail-copilot"];
  for (const question of [asked("a", "2026-11-20"), asked("b", "2026-10-20"), asked("old", "2026-08-01")]) {
    const uri = `s3://${bucket}/${askedQuestionKey(question)}` as const;
    await shop.store.putJson(uri, v.parse(AskedQuestion, question));
  }
  await shop.store.putJson(`s3://${bucket}/_questions/2026-11-20/z.json`, { id: "z" });
  const { orders, lines } = shopOrders({ orders: 60, days: 20 });

  await shop.report(orders, lines);

  const { head, rows } = (await shop.written())["retail-copilot/query-patterns"] ?? {};
  expect(rows).toMatchObject([
    { pattern: "SELECT quantity FROM sales WHERE customer_id = ?", queries: 2, asked: 2, scanned_bytes: 200 },
  ]);
  expect(head).toMatchObject({ details: { questions: 2, questions_unreadable: 1 } });
  expect(JSON.stringify({ head, rows })).not.toMatch(/jane/i);
});

test("of more questions than are read, those of a day are read that were logged last, whatever their names", async () => {
  await using shop = await testShop();
  const bucket = shop.ports.settings.prod["retail-copilot"];
  const names = ["a", "z", "m"];
  for (const [index, name] of names.entries()) {
    const file = `_questions/2026-11-20/${name}.json` as const;
    await shop.store.putJson(`s3://${bucket}/${file}`, {
      id: name,
      asked_at: `2026-11-20T10:00:0${index}Z`,
      question: "How much?",
      sql: `SELECT ${["category", "region", "revenue"][index]} FROM sales`,
      outcome: "answered",
      reason: null,
      seconds: 1,
      scanned_bytes: 100,
    });
  }
  const list = shop.store.list.bind(shop.store);
  // Moments of files in a folder are too close to each other to tell.
  const dated = (uri: string) =>
    new Date(
      Date.UTC(
        2026,
        10,
        20,
        10,
        0,
        names.findIndex((name) => uri.endsWith(`/${name}.json`)),
      ),
    );
  shop.store.list = async function* (prefix) {
    for await (const object of list(prefix)) yield { ...object, lastModified: dated(object.uri) };
  };
  Object.assign(shop.ports.settings, { maxQueries: 2 });

  await shop.report([], []);

  const rows = (await shop.written())["retail-copilot/query-patterns"]?.rows ?? [];
  expect(rows.map(({ pattern }) => pattern).sort()).toEqual([
    "SELECT region FROM sales",
    "SELECT revenue FROM sales",
  ]);
});
