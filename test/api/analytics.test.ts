import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Analytics } from "../../packages/api/src/analytics/analytics.ts";
import { createApp, ProblemDocument, routes } from "../../packages/api/src/index.ts";
import { ReportPage, SystemAnalytics, systems } from "../../packages/contracts/src/index.ts";
import { Executions } from "../../packages/runtime/src/executions/index.ts";
import { directoryObjectStore } from "../../packages/runtime/src/index.ts";
import { FakePort, machines } from "./fake-port.ts";
import { writeReport } from "./written-builds.ts";

const first = "20261121T053000Z-000001";
const second = "20261121T063000Z-000002";
const system = "demand-insights-engine";
const forecasts = "market-intelligence-hub";

/** Customers of the churn report, as the first build holds them. */
const CUSTOMERS = 5000;

let root: string;
let large: Awaited<ReturnType<typeof writeReport>>;
/** The current build by system. */
let current: Record<string, string>;
/** Bytes that were read of rows, by key. */
let read: { key: string; bytes: number }[];
let maxAgeSeconds: number;
const faults: unknown[] = [];
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "penstock-analytics-"));
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
  large = await writeReport(root, system, {
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
});
afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(() => {
  current = { [system]: first, [forecasts]: first, "compliance-guardian": first, "retail-copilot": first };
  read = [];
  maxAgeSeconds = 60;
  faults.length = 0;
  const store = directoryObjectStore(root);
  const analytics = new Analytics({
    async currentBuild(name) {
      const build = current[name];
      return build === undefined
        ? undefined
        : { system: name, build, built_at: "2026-11-21T05:30:00.000Z", generation: 1 };
    },
    store: {
      getJson: (uri) => store.getJson(uri),
      async range(uri, start, end) {
        const bytes = await store.range(uri, start, end);
        read.push({ key: uri.slice(uri.lastIndexOf("/") + 1), bytes: bytes.length });
        return bytes;
      },
    },
    buckets: Object.fromEntries(Object.keys(systems).map((name) => [name, name])),
    get maxAgeSeconds() {
      return maxAgeSeconds;
    },
  });
  app = createApp({
    executions: new Executions(new FakePort(), machines),
    analytics: async () => analytics,
    askCopilot: async () => {
      throw new Error("nobody asks here");
    },
    onFault: (error) => faults.push(error),
  });
});

function get(place: string, headers: Record<string, string> = {}) {
  return app.request(
    `/api/analytics/${place}`,
    { headers },
    { scopes: ["penstock/analyse"], requestId: "r" },
  );
}

async function page(place: string) {
  const response = await get(place);
  expect(response.status, await response.clone().text()).toBe(200);
  return v.parse(ReportPage, await response.json());
}

async function problem(place: string) {
  const response = await get(place);
  const document = v.parse(ProblemDocument, await response.json());
  expect(document.status).toBe(response.status);
  return document;
}

describe("a system's overview", () => {
  it("names the current build and every report with how it stands", async () => {
    const overview = v.parse(SystemAnalytics, await (await get(system)).json());

    expect(overview).toMatchObject({
      system,
      title: "Demand Insights Engine",
      build: first,
      built_at: "2026-11-21T05:30:00.000Z",
    });
    expect(overview.reports.map(({ report, status, rows }) => [report, status, rows])).toEqual([
      ["segments", "not enough data", 0],
      ["customer-segments", "not enough data", 0],
      ["lifetime-value", "ok", 40_000],
      ["churn", "ok", CUSTOMERS],
    ]);
    expect(overview.reports[0]).toMatchObject({ reason: "A single customer.", model: "fixture", version: 3 });
  });

  it("leads to each report by its link", async () => {
    const overview = v.parse(SystemAnalytics, await (await get(system)).json());

    for (const { link, report } of overview.reports)
      expect((await page(link.replace("/api/analytics/", ""))).report).toBe(report);
  });

  it("has null for a report that is not there, and the others as they are", async () => {
    current[forecasts] = first;

    const { build, reports } = v.parse(SystemAnalytics, await (await get(forecasts)).json());

    const standing = Object.fromEntries(reports.map(({ report, status, rows }) => [report, [status, rows]]));
    expect(build).toBe(first);
    expect(standing).toMatchObject({ "sales-trend": ["ok", 3], "sales-forecast": [null, null] });
  });

  it("before the first build has the reports and null for the build", async () => {
    current = {};

    const overview = v.parse(SystemAnalytics, await (await get(system)).json());

    expect([overview.build, overview.built_at]).toEqual([null, null]);
    expect(overview.reports.map(({ report, status }) => [report, status])).toContainEqual(["churn", null]);
  });

  it.each(["sales", "constructor", "Demand-Insights-Engine"])(
    "of %s there is none: 404, and what there is",
    async (name) => {
      const refused = await problem(name);

      expect([refused.status, refused.detail]).toEqual([
        404,
        expect.stringContaining(Object.keys(systems).join(", ")),
      ]);
    },
  );
});

describe("a report's rows", () => {
  it("come with what the model says of itself", async () => {
    const { rows, ...rest } = await page(`${system}/churn?limit=2`);

    expect(rest).toMatchObject({
      build: first,
      status: "ok",
      reason: null,
      model: "fixture",
      version: 3,
      trained_on: { observations: CUSTOMERS, from: "2025-01-01", to: "2025-12-31" },
      metrics: { auc: 0.87 },
      details: { cut: "2025-10-01" },
      report_rows: CUSTOMERS,
    });
    expect(rows[1]).toEqual({
      customer_id: "c00001",
      churn_probability: 0.0002,
      reason_1: null,
      effect_1: 1,
      reason_2: null,
      effect_2: null,
      reason_3: null,
      effect_3: null,
    });
  });

  it("are the first hundred when no limit is given", async () => {
    expect((await page(`${system}/churn`)).rows).toHaveLength(100);
  });

  it("are none, with the reason, where there was not enough data", async () => {
    const none = await page(`${system}/segments`);

    expect(none).toMatchObject({
      status: "not enough data",
      reason: "A single customer.",
      rows: [],
      next_token: null,
      trained_on: null,
    });
  });

  it("have days, moments, truth values and large counts as JSON has them", async () => {
    const trend = await page(`${forecasts}/sales-trend?region=SP&category=all`);
    const risk = await page("compliance-guardian/order-risk");
    const patterns = await page("retail-copilot/query-patterns");

    expect(trend.rows).toEqual([
      expect.objectContaining({
        last_change_point: "2025-05-01",
        change_points: 2,
        slope_per_period: -0.25,
        p_value: null,
      }),
    ]);
    expect(risk.rows.map(({ flagged }) => flagged)).toEqual([true, false]);
    expect(patterns.rows).toEqual([
      expect.objectContaining({ queries: 9007199254740991, last_at: "2025-05-01T10:20:30.500Z" }),
    ]);
  });

  it("come page by page, each once, over the bounds of row groups", async () => {
    const ids: unknown[] = [];
    let token: string | null = "";
    for (let pages = 0; token !== null && pages < 10; pages++) {
      const next: v.InferOutput<typeof ReportPage> = await page(
        `${system}/churn?limit=999${token && `&token=${token}`}`,
      );
      ids.push(...next.rows.map(({ customer_id }) => customer_id));
      token = next.next_token;
    }

    expect(token).toBeNull();
    expect(ids).toEqual(Array.from({ length: CUSTOMERS }, (_, i) => `c${String(i).padStart(5, "0")}`));
  });

  it("has no further page after the last row, also when the page is just full", async () => {
    expect((await page("compliance-guardian/order-risk?limit=2")).next_token).toBeNull();
    expect((await page("compliance-guardian/order-risk?limit=1")).next_token).not.toBeNull();
  });

  it("stay those of one build, though another one is current by the second page", async () => {
    const before = await page(`${system}/churn?limit=10`);
    current[system] = second;

    const after = await page(`${system}/churn?limit=10&token=${before.next_token}`);
    const anew = await page(`${system}/churn?limit=10`);

    expect([after.build, after.rows[0]?.customer_id]).toEqual([first, "c00010"]);
    expect([anew.build, anew.rows.map(({ customer_id }) => customer_id)]).toEqual([
      second,
      ["somebody else"],
    ]);
  });

  it("of a build that is no longer kept are gone: 410, begin again", async () => {
    const before = await page("compliance-guardian/order-risk?limit=1");
    const kept = path.join(root, "compliance-guardian");
    const removed = `${kept}-removed`;
    const { rename } = await import("node:fs/promises");
    await rename(kept, removed);
    try {
      const gone = await problem(`compliance-guardian/order-risk?limit=1&token=${before.next_token}`);

      expect([gone.status, gone.detail]).toEqual([410, expect.stringContaining("without a token")]);
    } finally {
      await rename(removed, kept);
    }
  });

  it("before the first build: 503, and when to come again", async () => {
    current = {};

    const response = await get(`${system}/churn`);

    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await response.json()).toMatchObject({
      type: "urn:penstock:problem:not-built",
      detail: expect.stringContaining("curated-to-prod"),
    });
  });

  it("of a report that is none: 404, and those there are", async () => {
    const refused = await problem(`${system}/fraud`);

    expect([refused.status, refused.detail]).toEqual([
      404,
      expect.stringContaining("segments, customer-segments, lifetime-value, churn"),
    ]);
  });
});

describe("filters", () => {
  it.each([
    ["a text", `${forecasts}/sales-trend?region=SP`, 2],
    ["two columns", `${forecasts}/sales-trend?region=SP&category=toys`, 1],
    [
      "a text with a space, an ampersand and an umlaut",
      `${forecasts}/sales-trend?region=${encodeURIComponent("Ä & b")}`,
      1,
    ],
    ["a whole number", `${forecasts}/sales-trend?change_points=0`, 2],
    ["a number", `${forecasts}/sales-trend?slope_per_period=-0.25`, 1],
    ["a number in another form", `${forecasts}/sales-trend?slope_per_period=1000`, 1],
    ["a day", `${forecasts}/sales-trend?last_change_point=2025-05-01`, 1],
    ["another day", `${forecasts}/sales-trend?last_change_point=2025-05-02`, 0],
    ["a truth value", "compliance-guardian/order-risk?flagged=true", 1],
    ["a moment", "retail-copilot/query-patterns?last_at=2025-05-01T10:20:30.5Z", 1],
    ["a value that nobody has", `${forecasts}/sales-trend?region=RJ`, 0],
    [
      "what SQL would make something of",
      `${forecasts}/sales-trend?region=${encodeURIComponent("' OR 1=1 --")}`,
      0,
    ],
  ])("by %s", async (_, place, rows) => {
    const found = await page(place);

    expect([found.rows.length, found.next_token]).toEqual([rows, null]);
  });

  it("go page by page through the rows that fit", async () => {
    const query = `${system}/churn?effect_1=3&limit=400`;
    const one = await page(query);
    const two = await page(`${query}&token=${one.next_token}`);

    const ids = [...one.rows, ...two.rows].map(({ customer_id }) => Number(String(customer_id).slice(1)));
    expect(ids).toEqual(Array.from({ length: CUSTOMERS }, (_, i) => i).filter((i) => i % 7 === 3));
    expect([one.rows.length, two.next_token]).toEqual([400, null]);
  });

  it.each([
    ["region=SP&colour=red", "colour", /no such column.*region, category/],
    ["build=x", "build", /no such column/],
    ["change_points=two", "change_points", /whole number/],
    ["change_points=", "change_points", /whole number/],
    ["slope_per_period=NaN", "slope_per_period", /a number/],
    ["slope_per_period=1e999", "slope_per_period", /a number/],
    ["last_change_point=2025-02-30", "last_change_point", /YYYY-MM-DD/],
    ["last_change_point=yesterday", "last_change_point", /YYYY-MM-DD/],
    ["limit=0", "limit", /1 to 1000/],
    ["limit=1001", "limit", /1 to 1000/],
    ["token=made-up", "token", /without one/],
    ["region=SP&region=RJ", "region", /more than once/],
  ])("refuse %s and name the parameter: 400", async (query, field, detail) => {
    const refused = await problem(`${forecasts}/sales-trend?${query}`);

    expect(refused.status).toBe(400);
    expect(refused.errors).toEqual([{ field, detail: expect.stringMatching(detail) }]);
  });

  it("must be those of the pages before: a token of other rows is refused", async () => {
    const { next_token } = await page(`${system}/churn?effect_1=3&limit=1`);

    for (const other of [`${system}/churn?effect_1=4&limit=1`, `${system}/churn?limit=1`]) {
      const refused = await problem(`${other}&token=${next_token}`);
      expect([refused.status, refused.errors?.[0]?.field]).toEqual([400, "token"]);
    }
  });

  it("never are a parameter's name: no report has a column limit or token", () => {
    const names = Object.values(systems).flatMap(({ reports }) =>
      Object.values(reports).flatMap(({ table }) => table.columns.map(({ name }) => name)),
    );

    expect(names).not.toContain("limit");
    expect(names).not.toContain("token");
  });
});

describe("what is read", () => {
  it("of a large report is the row groups that hold rows of the page, or may hold what is looked for", async () => {
    const { bytes } = large.table;

    expect(bytes).toBeGreaterThan(1_000_000);
    expect(await readBytes(`${system}/lifetime-value?limit=10`)).toBeLessThan(bytes / 4);
    expect(await readBytes(`${system}/lifetime-value?customer_id=c39999`)).toBeLessThan(bytes / 4);
  });

  async function readBytes(place: string): Promise<number> {
    read = [];
    expect((await page(place)).rows.length).toBeGreaterThan(0);
    return read.reduce((all, each) => all + each.bytes, 0);
  }
});

describe("the cache", () => {
  it("may keep an answer for a while, for itself alone", async () => {
    maxAgeSeconds = 123;

    const response = await get(`${system}/churn?limit=1`);

    expect(response.headers.get("cache-control")).toBe("private, max-age=123");
  });

  it("is told 304 as long as the build is the same, and no row is read for it", async () => {
    const etag = (await get(`${system}/churn?limit=1`)).headers.get("etag") ?? "";
    read = [];

    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await get(`${system}/churn?limit=1`, { "if-none-match": sent });
      expect([again.status, again.headers.get("etag"), await again.text()], sent).toEqual([304, etag, ""]);
    }
    expect(read).toEqual([]);
  });

  it.each([
    ["another build", `${system}/churn?limit=1`, second],
    ["another page size", `${system}/churn?limit=2`, first],
    ["other rows", `${system}/churn?limit=1&customer_id=c00002`, first],
    ["another report", `${system}/segments?limit=1`, first],
  ])("is given the answer again for %s", async (_, place, build) => {
    const etag = (await get(`${system}/churn?limit=1`)).headers.get("etag") ?? "";
    current[system] = build;

    const again = await get(place, { "if-none-match": etag });

    expect(again.status).toBe(200);
    expect(again.headers.get("etag")).not.toBe(etag);
  });

  it("is given the answer again for other objects of the same build", async () => {
    const risk = { system: "compliance-guardian", report: "order-risk", build: second };
    const row = { order_id: "'a'", risk: "1", flagged: "false" };
    current["compliance-guardian"] = second;
    await writeReport(root, "compliance-guardian", { ...risk, rows: [row] });
    const etag = (await get("compliance-guardian/order-risk")).headers.get("etag") ?? "";
    await writeReport(root, "compliance-guardian", { ...risk, rows: [row, { ...row, order_id: "'b'" }] });

    const again = await get("compliance-guardian/order-risk", { "if-none-match": etag });

    expect([again.status, v.parse(ReportPage, await again.json()).rows.length]).toEqual([200, 2]);
  });

  it("does not hide a wrong question behind a 304", async () => {
    const response = await get(`${system}/churn?limit=0`, { "if-none-match": "*" });

    expect(response.status).toBe(400);
  });
});

it("the routes of analytics need their own scope", () => {
  const own = routes.filter(({ path: where }) => /analytics|copilot/.test(where));

  expect(own.map(({ scopes }) => scopes)).toEqual(Array(3).fill(["penstock/analyse"]));
});
