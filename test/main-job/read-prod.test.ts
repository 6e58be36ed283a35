import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MartsManifest, manifestKey, marts } from "../../packages/contracts/src/index.ts";
import { type ReadProdOptions, readProd } from "../../packages/local/src/main-job/prod/read-prod.ts";
import { directoryObjectStore } from "../../packages/runtime/src/index.ts";
import { writeReport, writeTable } from "../api/written-builds.ts";

const build = "20261121T053000Z-000002";
const older = "20261121T043000Z-000001";
const system = "demand-insights-engine";

let root: string;
let options: ReadProdOptions;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "penstock-prod-"));
  const sales = await writeTable(root, "marts", marts.sales, build, [
    {
      order_id: "'a'",
      order_item_id: "1",
      purchased_at: "TIMESTAMP '2025-01-01 10:00:00'",
      revenue: "12.50",
    },
    { order_id: "'a'", order_item_id: "2", purchased_at: "TIMESTAMP '2025-01-01 10:00:00'", revenue: "1" },
  ]);
  const daily = await writeTable(root, "marts", marts.daily_sales, build, [
    { sale_date: "DATE '2025-01-02'", region: "'SP'", category: "'toys'", revenue: "10.25" },
    { sale_date: "DATE '2025-01-01'", region: "'SP'", category: "'toys'", revenue: "1" },
    { sale_date: "DATE '2025-01-02'", region: "'RJ'", category: "'toys'", revenue: "0.50" },
  ]);
  const table = (object: typeof sales) => ({ rows: object.rows, bytes: object.bytes, objects: [object] });
  const manifest: MartsManifest = {
    build,
    built_at: "2026-11-21T05:30:00Z",
    as_of: "2025-01-02",
    curated_rows: 9,
    orders_left_out: 0,
    tables: { sales: table(sales), daily_sales: table(daily) },
  };
  const place = path.join(root, "marts", manifestKey(build));
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, JSON.stringify(manifest));
  for (const [written, customers] of [
    [build, "'new'"],
    [older, "'old'"],
  ] as const)
    await writeReport(root, system, {
      system,
      report: "segments",
      build: written,
      rows: [{ segment: customers, customers: "3", share: "1" }],
    });
  for (const report of ["customer-segments", "lifetime-value", "churn"])
    await writeReport(root, system, { system, report, build, rows: [], reason: "A single customer." });
  options = {
    store: directoryObjectStore(root),
    dynamo: builds({ marts: build, [system]: build }),
    places: { marts: "marts", buckets: { [system]: system }, buildsTable: "builds" },
    directory: path.join(root, "work"),
    signal: new AbortController().signal,
  };
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The table of current builds with these items. */
function builds(current: Record<string, string>): ReadProdOptions["dynamo"] {
  const Items = Object.entries(current).map(([name, of]) => ({
    system: { S: name },
    build: { S: of },
    built_at: { S: "2026-11-21T05:30:00Z" },
  }));
  return { send: async () => ({ Items }) };
}

describe("reading prod", () => {
  it("reads the current build's marts: every line that was sold, and revenue by day", async () => {
    const prod = await readProd(options);

    expect(prod.unreadable).toEqual([]);
    expect(prod.marts).toMatchObject({ build, curated_rows: 9 });
    expect([...prod.soldLines].sort()).toEqual(["a | 1", "a | 2"]);
    expect(prod.sales).toEqual([
      { day: "2025-01-01", revenue: 1 },
      { day: "2025-01-02", revenue: 10.75 },
    ]);
  });

  it("reads the reports of the current build, not of an older one, and those without rows", async () => {
    const { systems } = await readProd(options);

    expect(systems.map((each) => [each.system, each.build])).toEqual([[system, build]]);
    const reports = systems[0]?.reports ?? {};
    expect(reports.segments?.rows).toEqual([
      {
        segment: "new",
        customers: 3,
        share: 1,
        spend_share: null,
        recency_days: null,
        orders: null,
        spend: null,
      },
    ]);
    expect(reports.churn).toMatchObject({
      rows: [],
      head: { status: "not enough data", reason: "A single customer." },
    });
  });

  it("is empty before the first build", async () => {
    const prod = await readProd({ ...options, dynamo: builds({}) });

    expect(prod).toMatchObject({ marts: undefined, systems: [], sales: [], unreadable: [] });
  });

  it("says what it could not read, and reads the rest", async () => {
    const prod = await readProd({ ...options, dynamo: builds({ marts: older, [system]: older }) });

    expect(prod.marts).toBeUndefined();
    expect(prod.systems[0]?.reports.segments?.rows).toHaveLength(1);
    expect(prod.unreadable).toHaveLength(4);
    expect(prod.unreadable[0]).toMatch(/^manifest of 20261121T043000Z-000001 \(.*is not there\)$/);
  });
});
