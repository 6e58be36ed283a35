import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as v from "valibot";
import { expect } from "vitest";
import { Analytics } from "../../packages/api/src/analytics/analytics.ts";
import { createApp, ProblemDocument } from "../../packages/api/src/index.ts";
import { type ReportHead, ReportPage, systems } from "../../packages/contracts/src/index.ts";
import { Executions } from "../../packages/runtime/src/executions/index.ts";
import { directoryObjectStore } from "../../packages/runtime/src/index.ts";
import { FakePort, machines } from "./fake-port.ts";
import { writeReport } from "./written-builds.ts";

export const first = "20261121T053000Z-000001";
export const second = "20261121T063000Z-000002";
export const system = "demand-insights-engine";
export const forecasts = "market-intelligence-hub";

/** Customers of the churn report, as the first build holds them. */
export const CUSTOMERS = 5000;

/** Writes reports of some systems into a folder of buckets; the head is that of the large one. */
async function writeReports(root: string): Promise<ReportHead> {
  await writeReport(root, system, {
    system,
    report: "churn",
    build: first,
    rows: {
      select: `SELECT format('c{:05d}', i) AS customer_id, i / ${CUSTOMERS} AS churn_probability,
        CASE WHEN i % 2 = 0 THEN 'recency' END AS reason_1, CAST(i % 7 AS DOUBLE) AS effect_1,
        NULL AS reason_2, NULL AS effect_2, NULL AS reason_3, NULL AS effect_3 FROM range(${CUSTOMERS}) r(i)`,
    },
    metrics: { auc: 0.87 },
    details: { cut: "2025-10-01" },
  });
  await writeReport(root, system, {
    system,
    report: "churn",
    build: second,
    rows: [{ customer_id: "'somebody else'", churn_probability: "0.5" }],
  });
  for (const report of ["customer-segments", "segments"])
    await writeReport(root, system, { system, report, build: first, rows: [], reason: "A single customer." });
  const large = await writeReport(root, system, {
    system,
    report: "lifetime-value",
    build: first,
    rows: {
      select: `SELECT format('c{:05d}', i) AS customer_id, hash(i) / 2e19 AS alive_probability, hash(i + 1) / 1e18 AS expected_purchases,
        hash(i + 2) / 1e17 AS expected_spend, hash(i + 3) / 1e16 AS lifetime_value FROM range(40000) r(i)`,
    },
  });
  await writeReport(root, forecasts, {
    system: forecasts,
    report: "sales-trend",
    build: first,
    rows: [
      {
        region: "'SP'",
        category: "'all'",
        frequency: "'day'",
        change_points: "2",
        last_change_point: "DATE '2025-05-01'",
        slope_per_period: "-0.25",
      },
      { region: "'SP'", category: "'toys'", frequency: "'day'", change_points: "0", slope_per_period: "1e3" },
      { region: "'Ä & b'", category: "'all'", frequency: "'month'", change_points: "0" },
    ],
  });
  await writeReport(root, "compliance-guardian", {
    system: "compliance-guardian",
    report: "order-risk",
    build: first,
    rows: [
      { order_id: "'a'", risk: "99.5", flagged: "true", reasons: "'amount'" },
      { order_id: "'b'", risk: "1", flagged: "false" },
    ],
  });
  await writeReport(root, "retail-copilot", {
    system: "retail-copilot",
    report: "query-patterns",
    build: first,
    rows: [
      { pattern: "'SELECT ?'", queries: "9007199254740991", last_at: "TIMESTAMP '2025-05-01 10:20:30.5'" },
    ],
  });
  return large;
}

/** The API's analytics over reports that were written a moment ago. */
export async function writtenAnalytics() {
  const root = await mkdtemp(path.join(tmpdir(), "penstock-analytics-"));
  const large = await writeReports(root);
  const store = directoryObjectStore(root);
  const at = {
    root,
    /** The head of the report of 40,000 rows. */
    large,
    /** The current build by system. */
    current: {} as Record<string, string>,
    /** Bytes that were read of rows, by key. */
    read: [] as { key: string; bytes: number }[],
    maxAgeSeconds: 60,

    /** As a test finds it. */
    reset(): void {
      at.current = {
        [system]: first,
        [forecasts]: first,
        "compliance-guardian": first,
        "retail-copilot": first,
      };
      at.read = [];
      at.maxAgeSeconds = 60;
    },

    async get(place: string, headers: Record<string, string> = {}): Promise<Response> {
      return app.request(
        `/api/analytics/${place}`,
        { headers },
        { scopes: ["penstock/analyse"], requestId: "r" },
      );
    },

    async page(place: string) {
      const response = await at.get(place);
      expect(response.status, await response.clone().text()).toBe(200);
      return v.parse(ReportPage, await response.json());
    },

    async problem(place: string) {
      const response = await at.get(place);
      const document = v.parse(ProblemDocument, await response.json());
      expect(document.status).toBe(response.status);
      return document;
    },

    remove: () => rm(root, { recursive: true, force: true }),
  };
  const analytics = new Analytics({
    async currentBuild(name) {
      const build = at.current[name];
      return build === undefined
        ? undefined
        : { system: name, build, built_at: "2026-11-21T05:30:00.000Z", generation: 1 };
    },
    store: {
      getJson: (uri) => store.getJson(uri),
      async range(uri, start, end) {
        const bytes = await store.range(uri, start, end);
        at.read.push({ key: uri.slice(uri.lastIndexOf("/") + 1), bytes: bytes.length });
        return bytes;
      },
    },
    buckets: Object.fromEntries(Object.keys(systems).map((name) => [name, name])),
    get maxAgeSeconds() {
      return at.maxAgeSeconds;
    },
  });
  const app = createApp({
    executions: new Executions(new FakePort(), machines),
    analytics: async () => analytics,
    askCopilot: async () => {
      throw new Error("nobody asks here");
    },
    sendInteractions: async () => {},
    readFeatures: async () => ({ found: [], missing: [] }),
    exports: async () => {
      throw new Error("nobody sends exports here");
    },
    campaigns: async () => {
      throw new Error("nobody makes campaigns here");
    },
    assets: async () => {
      throw new Error("nobody draws pictures here");
    },
    onFault: () => {},
  });
  return at;
}
export type WrittenAnalytics = Awaited<ReturnType<typeof writtenAnalytics>>;
