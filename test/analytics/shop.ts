import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type AnalyticsPorts,
  complianceGuardian,
  demandInsightsEngine,
  globalMarketPulse,
  marketIntelligenceHub,
  type QueryRun,
  retailCopilot,
  type SystemSummary,
} from "@penstock/analytics";
import { type AnalystTable, ReportHead, reportKey, systems, tablePrefixOf } from "@penstock/contracts";
import {
  type DuckSession,
  directoryObjectStore,
  type ObjectStore,
  openSession,
  type Row,
  s3Uri,
  text,
} from "@penstock/runtime";
import * as v from "valibot";
import { GIVEN, writeMarts } from "./marts-fixture.ts";

export const BUILD = "20261121T053000Z-000042";

export interface GivenOrder {
  readonly order_id: string;
  readonly customer_id: string;
  readonly purchased_at: string;
  readonly status: string;
  readonly region: string;
  readonly paid: number;
  readonly payments: number;
  readonly installments: number;
}

export interface GivenLine {
  readonly order_id: string;
  readonly product_id: string;
  readonly category: string;
  readonly price: number;
  readonly freight: number;
  readonly unit_cost: number | null;
}

/** What one report wrote. */
export interface Written {
  readonly table: AnalystTable;
  readonly head: ReportHead;
  readonly rows: readonly Row[];
  readonly types: Readonly<Record<string, string>>;
}

/** Marts and prod buckets in a folder. */
export interface Shop extends AsyncDisposable {
  readonly store: ObjectStore;
  readonly ports: AnalyticsPorts & { history: { latest: () => Promise<readonly QueryRun[]> } };
  readonly session: DuckSession;
  /** All five systems over the marts of these orders. */
  report(
    orders: readonly GivenOrder[],
    lines: readonly GivenLine[],
    run?: { readonly build?: string; readonly current?: string },
  ): Promise<Readonly<Record<string, SystemSummary>>>;
  /** All five over marts that somebody else has put into the session's tables. */
  reportGiven(run?: {
    readonly build?: string;
    readonly current?: string;
  }): Promise<Readonly<Record<string, SystemSummary>>>;
  /** Every report of a build as it lies in the buckets, by `system/report`. */
  written(build?: string): Promise<Readonly<Record<string, Written>>>;
}

const run = {
  "market-intelligence-hub": marketIntelligenceHub,
  "demand-insights-engine": demandInsightsEngine,
  "compliance-guardian": complianceGuardian,
  "global-market-pulse": globalMarketPulse,
} as const;

function perSystem(prefix: string) {
  const name = (system: string) => `${prefix}${system.replaceAll("-", "_")}`;
  return {
    "market-intelligence-hub": name("market-intelligence-hub"),
    "demand-insights-engine": name("demand-insights-engine"),
    "compliance-guardian": name("compliance-guardian"),
    "global-market-pulse": name("global-market-pulse"),
    "retail-copilot": name("retail-copilot"),
  };
}

export async function testShop(history: readonly QueryRun[] = []): Promise<Shop> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-analytics-"));
  const session = await openSession({ memoryMb: 400, threads: 1, tempDirectory: path.join(folder, "spill") });
  const store = directoryObjectStore(path.join(folder, "store"));
  const ports = {
    store,
    catalogueOf: () => ({ removePartitions: async () => {} }),
    settings: {
      audit: "audit",
      prod: perSystem("prod_"),
      database: perSystem("db_"),
      workgroup: "analytics",
      memoryMb: 300,
      keepBuilds: 2,
      seed: 42,
      forecastDays: 14,
      forecastMonths: 3,
      series: 5,
      churnDays: 60,
      lifetimeDays: 364,
      annualDiscount: 0.1,
      fraud: { windowHours: 24, maxOrdersInWindow: 3, amountTolerance: 0.01, amountLimit: null },
      queryDays: 45,
      maxQueries: 100,
      auditObjects: 3,
    },
    openSession: (tempDirectory: string) => openSession({ memoryMb: 300, threads: 1, tempDirectory }),
    now: () => new Date("2026-11-21T06:00:00Z"),
    history: { latest: async () => history },
  };
  let made = 0;

  const reportGiven: Shop["reportGiven"] = async ({ build = BUILD, current = null } = {}) => {
    const at = path.join(folder, `made-${made++}`);
    const manifest = await writeMarts(session, { store, bucket: "marts", build, folder: at });
    const input = { run_id: "run", build, built_at: "2026-11-21T05:30:00Z", manifest, current };
    const summaries: Record<string, SystemSummary> = {};
    for (const [name, report] of Object.entries(run)) summaries[name] = await report(input, ports);
    summaries["retail-copilot"] = await retailCopilot(input, ports);
    return summaries;
  };

  return {
    store,
    ports,
    session,
    reportGiven,

    async report(orders, lines, given) {
      for (const [name, rows] of Object.entries({ orders, lines })) {
        const columns = name === "orders" ? GIVEN.orders : GIVEN.lines;
        await session.run(`CREATE OR REPLACE TEMP TABLE given_${name} (${columns})`);
        const file = path.join(folder, `${name}.json`);
        await writeFile(file, rows.map((row) => JSON.stringify(row)).join("\n"));
        if (rows.length > 0)
          await session.run(`INSERT INTO given_${name} BY NAME SELECT * FROM read_json(${text(file)})`);
      }
      return reportGiven(given);
    },

    async written(build = BUILD) {
      const found: Record<string, Written> = {};
      for (const [system, { reports }] of Object.entries(systems)) {
        const bucket = perSystem("prod_")[system as keyof typeof systems];
        for (const [report, { table }] of Object.entries(reports)) {
          const head = v.parse(ReportHead, await store.getJson(s3Uri(bucket, reportKey(build, report))));
          const file = path.join(folder, "store", bucket, tablePrefixOf(table.name, build), "part-0.parquet");
          const from = `read_parquet(${text(file)}, hive_partitioning = false)`;
          const isThere =
            (await store.head(s3Uri(bucket, `${tablePrefixOf(table.name, build)}part-0.parquet`))) !==
            undefined;
          const types = isThere ? await session.describe(from) : [];
          found[`${system}/${report}`] = {
            table,
            head,
            rows: isThere ? await session.rows(`SELECT * FROM ${from}`) : [],
            types: Object.fromEntries(types.map(({ name, type }) => [name, type])),
          };
        }
      }
      return found;
    },

    async [Symbol.asyncDispose]() {
      await session.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every number of a value, however deep, with where it stands. */
export function numbersIn(value: unknown, at = ""): { readonly at: string; readonly number: number }[] {
  if (typeof value === "number") return [{ at, number: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => numbersIn(one, `${at}/${key}`));
}
