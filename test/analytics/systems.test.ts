import { systems } from "@penstock/contracts";
import { athenaStatement, text } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shopOrders } from "./orders.ts";
import { BUILD, numbersIn, type Shop, testShop, type Written } from "./shop.ts";

describe("the reports of a small shop", () => {
  let shop: Shop;
  let summaries: Awaited<ReturnType<Shop["report"]>>;
  let written: Readonly<Record<string, Written>>;

  beforeAll(async () => {
    const asked = new Date("2026-11-20T10:00:00Z");
    const sql = "SELECT category, sum(revenue) AS money FROM sales WHERE city = 'Passau' GROUP BY category";
    shop = await testShop([
      { sql, state: "SUCCEEDED", submittedAt: asked, seconds: 1.5, scannedBytes: 1000 },
      { sql: sql.replace("Passau", "Hof"), state: "FAILED", submittedAt: asked, seconds: 2, scannedBytes: 0 },
      { sql: "SELECT 1", state: "SUCCEEDED", submittedAt: asked, seconds: 1, scannedBytes: 0 },
    ]);
    await shop.store.putJson("s3://audit/metrics/payments/a.parquet.json", {
      object: "s3://raw/a.parquet",
      table: "payments",
      rows_in: 3,
      columns: [
        { column: "card_number", scan: "pan", scanned: 3, masked: 3 },
        { column: "cvv", scan: "cvv", scanned: 3, masked: 2 },
      ],
    });
    await shop.store.putJson("s3://audit/metrics/payments/b.parquet.json", { object: "s3://raw/b.parquet" });
    const { orders, lines } = shopOrders();
    summaries = await shop.report(orders, lines);
    written = await shop.written();
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  const rowsOf = (report: string) => written[report]?.rows ?? [];

  test("are all there, with an answer each", () => {
    const all = Object.entries(systems).flatMap(([name, { reports }]) =>
      Object.keys(reports).map((report) => `${name}/${report}`),
    );
    expect(Object.keys(written)).toEqual(all);
    expect(Object.values(written).map(({ head }) => head.status)).toEqual(all.map(() => "ok"));
    expect(Object.values(written).filter(({ rows }) => rows.length === 0)).toEqual([]);
  });

  test("have the columns and types of their contracts, and their order", async () => {
    const names: Record<string, string> = { string: "VARCHAR" };
    for (const { table, types, rows } of Object.values(written)) {
      const wanted = table.columns.map(({ name, type }) => [name, names[type] ?? type.toUpperCase()]);
      expect(Object.entries(types), table.name).toEqual(wanted);
      const keys = rows.map((row) => JSON.stringify(table.orderBy.map((column) => row[column])));
      expect(new Set(keys).size, table.name).toBe(keys.length);
      expect(keys, table.name).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
    }
  });

  test("count what they wrote, and ask Athena for the same numbers in words that it knows, table by table", () => {
    for (const [system, { reports, check }] of Object.entries(summaries)) {
      const counts = Object.entries(reports).map(([report, { rows }]) => {
        const found = written[`${system}/${report}`];
        expect(found?.rows).toHaveLength(rows);
        expect(found?.head.table.rows).toBe(rows);
        return [found?.table.name ?? "", rows] as const;
      });
      expect(check.rows).toBe(String(counts.reduce((sum, [, rows]) => sum + rows, 0)));
      expect(check.counts.split(" ")).toEqual(counts.map(([name, rows]) => `${name}=${rows}`).toSorted());
      const { tables } = athenaStatement(check.sql, "its_own");
      expect(tables.map(({ table }) => table).toSorted()).toEqual(counts.map(([name]) => name).toSorted());
      expect(check.sql).toContain(text(BUILD));
    }
  });

  test("hold no number that is none", () => {
    const numbers = numbersIn(Object.values(written).map(({ head, rows }) => ({ head, rows })));
    expect(numbers.length).toBeGreaterThan(1000);
    expect(numbers.filter(({ number }) => !Number.isFinite(number))).toEqual([]);
  });

  test("forecast all sales by day and month, and the largest regions, categories and pairs by month", () => {
    const series = rowsOf("market-intelligence-hub/forecast-series");
    const ok = series.filter(({ status }) => status === "ok");
    expect(ok.map(({ region, category, frequency }) => `${region} ${category} ${frequency}`)).toEqual(
      expect.arrayContaining([
        "all all day",
        "all all month",
        "SP all month",
        "all toys month",
        "SP toys month",
      ]),
    );
    const forecasts = rowsOf("market-intelligence-hub/sales-forecast");
    expect(forecasts).toHaveLength(14 + 3 * (ok.length - 1));
    // 450 days from 2025-01-01 end on 2026-03-26: March is not over, so it is what is forecast first.
    const first = forecasts.find(({ frequency }) => frequency === "month");
    expect(first?.forecast_date).toBe("2026-03-01");
    // The last purchase is not late in its day, so that this day is not over either.
    expect(forecasts.find(({ frequency }) => frequency === "day")?.forecast_date).toBe("2026-03-26");
  });

  test("say of a category that was given away, and of one that never sold, that all values are 0", () => {
    for (const report of ["forecast-series", "sales-trend"]) {
      const found = rowsOf(`market-intelligence-hub/${report}`).filter(
        ({ region, category }) => region === "all" && ["samples", "unsold"].includes(String(category)),
      );
      expect(found.map(({ status, reason }) => [status, reason])).toEqual([
        ["not enough data", expect.stringContaining("0")],
        ["not enough data", expect.stringContaining("0")],
      ]);
    }
  });

  test("put every customer into a segment, value him and tell his chance to leave", () => {
    const customers = rowsOf("demand-insights-engine/churn").map(({ customer_id }) => customer_id);
    const { orders } = shopOrders();
    const bought = orders.filter(({ status }) => status !== "canceled");
    expect(customers).toEqual([...new Set(bought.map(({ customer_id }) => customer_id))].sort());
    expect(rowsOf("demand-insights-engine/customer-segments").map((row) => row.customer_id)).toEqual(
      customers,
    );
    expect(rowsOf("demand-insights-engine/lifetime-value").map((row) => row.customer_id)).toEqual(customers);
    const head = written["demand-insights-engine/churn"]?.head;
    expect(head).toMatchObject({ details: { churn_days: 60, cut: "2026-01-25" } });
  });

  test("score cancelled orders too", () => {
    expect(rowsOf("compliance-guardian/order-risk")).toHaveLength(901);
    expect(rowsOf("compliance-guardian/pci-findings")).toEqual([
      expect.objectContaining({ table_name: "payments", column_name: "cvv", found: 2, severity: "high" }),
    ]);
  });

  test("say what could not be audited, and how many orders rules over several tables have left out", () => {
    const details = (report: string) => written[`compliance-guardian/${report}`]?.head;
    expect(details("pci-columns")).toMatchObject({ details: { rows: 3, objects_unreadable: 1 } });
    expect(details("order-risk")).toMatchObject({ details: { orders_left_out: 3, left_out: 0 } });
  });

  test("tell opportunities by their margin where costs are known", () => {
    const found = rowsOf("global-market-pulse/opportunities");
    expect(new Set(found.map(({ basis }) => basis))).toEqual(new Set(["growth × share × margin"]));
    expect(rowsOf("global-market-pulse/regions").map(({ region }) => region)).toEqual(["RJ", "SP"]);
  });

  test("tell of queries their pattern, and nothing of whom they were about", () => {
    expect(rowsOf("retail-copilot/query-patterns")).toEqual([
      {
        pattern: "SELECT category, sum(revenue) AS x1 FROM sales WHERE city = ? GROUP BY category",
        tables: "sales",
        queries: 2,
        asked: 0,
        failed: 1,
        median_seconds: 1.5,
        p95_seconds: 1.5,
        scanned_bytes: 1000,
        last_at: "2026-11-20T10:00:00",
      },
    ]);
  });

  test("are the same to the byte when they are made again", async () => {
    const objects = async () => {
      const found: Record<string, string> = {};
      for (const bucket of Object.values(shop.ports.settings.prod)) {
        for await (const { uri, etag } of shop.store.list(`s3://${bucket}/`)) found[uri] = etag;
      }
      return found;
    };
    const before = await objects();
    await shop.reportGiven();
    expect(await objects()).toEqual(before);
  });
});
