import { type ReportHead, systems } from "../../packages/contracts/src/index.ts";
import type { Prod, Row, WrittenSystem } from "../../packages/local/src/main-job/prod/prod.ts";

export const build = "20261121T053000Z-000002";
const builtAt = "2026-11-21T05:30:00.000Z";

/** What a name from outside may be. */
export const hostile = `</title><script>alert(1)</script><img src=x onerror="alert('2')"> & {value} \u001b[31m`;

/** A day, so many after the first of January. */
const day = (offset: number): string => new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10);

/** Rows of every report, by system; `name` stands wherever a value comes from outside. */
export function rowsByReport(name: string): Record<string, Record<string, Row[]>> {
  const all = { region: "all", category: "all", frequency: "day" };
  return {
    "market-intelligence-hub": {
      "sales-forecast": Array.from({ length: 28 }, (_, n) => ({
        ...all,
        forecast_date: day(100 + n),
        mean: 1100,
        lower_80: 900,
        upper_80: 1300,
        lower_95: 800,
        upper_95: 1400,
      })),
      "forecast-series": [
        { ...all, status: "ok", reason: null, method: "combination", observations: 100, relative_rmse: 0.8 },
      ],
      "sales-trend": [
        {
          ...all,
          status: "ok",
          direction: "no clear trend",
          growth_per_season: 0.001,
          p_value: 0.7,
          change_points: 0,
          last_change_point: null,
        },
        {
          ...all,
          category: name,
          status: "ok",
          direction: "rising",
          growth_per_season: 0.05,
          p_value: 0.001,
          change_points: 1,
          last_change_point: day(40),
        },
        {
          ...all,
          region: "RJ",
          status: "ok",
          direction: "falling",
          growth_per_season: -0.02,
          p_value: 0.01,
          change_points: 0,
          last_change_point: null,
        },
      ],
    },
    "demand-insights-engine": {
      segments: [
        {
          segment: "lost",
          customers: 60,
          share: 0.6,
          spend_share: 0.2,
          recency_days: 200,
          orders: 1,
          spend: 50,
        },
        {
          segment: name,
          customers: 40,
          share: 0.4,
          spend_share: 0.8,
          recency_days: 9,
          orders: 5,
          spend: 500,
        },
      ],
      "customer-segments": [{ customer_id: "c1" }],
      "lifetime-value": Array.from({ length: 100 }, (_, n) => ({
        alive_probability: 0.5,
        lifetime_value: n,
      })),
      churn: Array.from({ length: 100 }, (_, n) => ({
        churn_probability: n / 100,
        reason_1: n % 3 === 0 ? name : "days since the latest order",
      })),
    },
    "compliance-guardian": {
      "order-risk": Array.from({ length: 50 }, (_, n) => ({
        order_id: `o${n}`,
        risk: n * 2,
        flagged: n > 45,
        reasons: n > 45 ? name : null,
      })),
      "pci-columns": [
        {
          table_name: "payments",
          column_name: "card_number",
          scan: "pan",
          objects: 4,
          scanned: 1000,
          masked: 900,
          masked_share: 0.9,
        },
      ],
      "pci-findings": [
        { severity: "high", table_name: "orders", column_name: "notes", finding: name, found: 3, objects: 1 },
      ],
    },
    "global-market-pulse": {
      opportunities: [
        {
          region: "SP",
          category: name,
          basis: "growth × share × margin",
          growth: 0.1,
          share: 0.2,
          margin: 0.4,
          score: 0.008,
          score_low: 0.001,
          score_high: 0.02,
          is_certain: true,
        },
        {
          region: "RJ",
          category: "toys",
          basis: "growth × share × margin",
          growth: 0.01,
          share: 0.1,
          margin: null,
          score: 0.001,
          score_low: -0.01,
          score_high: 0.02,
          is_certain: false,
        },
      ],
      regions: [
        {
          region: "SP",
          revenue: 8000,
          share: 0.8,
          orders: 80,
          revenue_per_order: 100,
          growth: 0.02,
          growth_low: 0,
          growth_high: 0.04,
          specialty: name,
          location_quotient: 1.4,
        },
        {
          region: "RJ",
          revenue: 2000,
          share: 0.2,
          orders: 20,
          revenue_per_order: 100,
          growth: null,
          growth_low: null,
          growth_high: null,
          specialty: null,
          location_quotient: null,
        },
      ],
    },
    "retail-copilot": {
      "query-patterns": [
        {
          pattern: `SELECT ${name} FROM sales`,
          tables: "sales",
          queries: 7,
          asked: 2,
          failed: 0,
          median_seconds: 0.5,
          p95_seconds: 1,
          scanned_bytes: 4096,
          last_at: builtAt,
        },
      ],
    },
  };
}

/** Prod as a run leaves it. */
export function someProd(name = "electronics", rows = rowsByReport(name)): Prod {
  return {
    marts: {
      build,
      built_at: builtAt,
      as_of: day(99),
      curated_rows: 12_345,
      orders_left_out: 2,
      tables: { sales: { rows: 2, bytes: 10, objects: [] } },
    },
    systems: Object.entries(systems).map(([system, { title, reports }]) =>
      written(system, title, Object.keys(reports), rows[system] ?? {}),
    ),
    sales: Array.from({ length: 100 }, (_, n) => ({ day: day(n), revenue: 1000 })),
    soldLines: new Set(["a | 1", "a | 2"]),
    asked: {
      question: "What are the top 5 categories by revenue?",
      answer: {
        question: "What are the top 5 categories by revenue?",
        sql: "SELECT category,\n  sum(revenue) AS revenue FROM sales GROUP BY category",
        model: "penstock-offline",
        offline: true,
        columns: [
          { name: "category", type: "varchar" },
          { name: "revenue", type: "decimal(38,2)" },
        ],
        rows: [
          [name, 1234.5],
          [null, 2],
        ],
        truncated: false,
        scanned_bytes: 2048,
        build,
        query_id: "q",
        warnings: [],
      },
    },
    unreadable: [],
  };
}

/** Prod of data that say too little: every report gives its reason. */
export function poorProd(reason: string): Prod {
  const prod = someProd();
  return {
    ...prod,
    systems: prod.systems.map((system) => ({
      ...system,
      reports: Object.fromEntries(
        Object.entries(system.reports).map(([report, { head }]) => [
          report,
          { head: { ...said(head), status: "not enough data" as const, reason }, rows: [] },
        ]),
      ),
    })),
    sales: [],
  };
}

function written(
  system: string,
  title: string,
  names: readonly string[],
  rows: Record<string, Row[]>,
): WrittenSystem {
  const reports = names.map((report) => {
    const own = rows[report] ?? [];
    const head: ReportHead = {
      system,
      report,
      build,
      built_at: builtAt,
      model: "fixture",
      version: 1,
      status: "ok",
      trained_on: { observations: own.length, from: null, to: null },
      metrics: {},
      details: {},
      table: { rows: own.length, bytes: 1, objects: [] },
    };
    return [report, { head, rows: own }] as const;
  });
  return { system, title, build, builtAt, reports: Object.fromEntries(reports) };
}

function said({ system, report, build: of, built_at, model, version, table }: ReportHead) {
  return { system, report, build: of, built_at, model, version, table };
}
