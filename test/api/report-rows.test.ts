import path from "node:path";
import type * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ReportPage } from "../../packages/contracts/src/index.ts";
import {
  CUSTOMERS,
  first,
  forecasts,
  second,
  system,
  type WrittenAnalytics,
  writtenAnalytics,
} from "./written-analytics.ts";

let at: WrittenAnalytics;
beforeAll(async () => {
  at = await writtenAnalytics();
});
afterAll(() => at.remove());
beforeEach(() => at.reset());

describe("a report's rows", () => {
  it("come with what the model says of itself", async () => {
    const { rows, ...rest } = await at.page(`${system}/churn?limit=2`);

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
    expect((await at.page(`${system}/churn`)).rows).toHaveLength(100);
  });

  it("are none, with the reason, where there was not enough data", async () => {
    const none = await at.page(`${system}/segments`);

    expect(none).toMatchObject({
      status: "not enough data",
      reason: "A single customer.",
      rows: [],
      next_token: null,
      trained_on: null,
    });
  });

  it("have days, moments, truth values and large counts as JSON has them", async () => {
    const trend = await at.page(`${forecasts}/sales-trend?region=SP&category=all`);
    const risk = await at.page("compliance-guardian/order-risk");
    const patterns = await at.page("retail-copilot/query-patterns");

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
      const next: v.InferOutput<typeof ReportPage> = await at.page(
        `${system}/churn?limit=999${token && `&token=${token}`}`,
      );
      ids.push(...next.rows.map(({ customer_id }) => customer_id));
      token = next.next_token;
    }

    expect(token).toBeNull();
    expect(ids).toEqual(Array.from({ length: CUSTOMERS }, (_, i) => `c${String(i).padStart(5, "0")}`));
  });

  it("has no further page after the last row, also when the page is just full", async () => {
    expect((await at.page("compliance-guardian/order-risk?limit=2")).next_token).toBeNull();
    expect((await at.page("compliance-guardian/order-risk?limit=1")).next_token).not.toBeNull();
  });

  it("stay those of one build, though another one is current by the second page", async () => {
    const before = await at.page(`${system}/churn?limit=10`);
    at.current[system] = second;

    const after = await at.page(`${system}/churn?limit=10&token=${before.next_token}`);
    const anew = await at.page(`${system}/churn?limit=10`);

    expect([after.build, after.rows[0]?.customer_id]).toEqual([first, "c00010"]);
    expect([anew.build, anew.rows.map(({ customer_id }) => customer_id)]).toEqual([
      second,
      ["somebody else"],
    ]);
  });

  it("of a build that is no longer kept are gone: 410, begin again", async () => {
    const before = await at.page("compliance-guardian/order-risk?limit=1");
    const kept = path.join(at.root, "compliance-guardian");
    const removed = `${kept}-removed`;
    const { rename } = await import("node:fs/promises");
    await rename(kept, removed);
    try {
      const gone = await at.problem(`compliance-guardian/order-risk?limit=1&token=${before.next_token}`);

      expect([gone.status, gone.detail]).toEqual([410, expect.stringContaining("without a token")]);
    } finally {
      await rename(removed, kept);
    }
  });

  it("before the first build: 503, and when to come again", async () => {
    at.current = {};

    const response = await at.get(`${system}/churn`);

    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await response.json()).toMatchObject({
      type: "urn:penstock:problem:not-built",
      detail: expect.stringContaining("curated-to-prod"),
    });
  });

  it("of a report that is none: 404, and those there are", async () => {
    const refused = await at.problem(`${system}/fraud`);

    expect([refused.status, refused.detail]).toEqual([
      404,
      expect.stringContaining("segments, customer-segments, lifetime-value, churn"),
    ]);
  });
});

describe("what is read", () => {
  it("of a large report is the row groups that hold rows of the page, or may hold what is looked for", async () => {
    const { bytes } = at.large.table;

    expect(bytes).toBeGreaterThan(1_000_000);
    expect(await readBytes(`${system}/lifetime-value?limit=10`)).toBeLessThan(bytes / 4);
    expect(await readBytes(`${system}/lifetime-value?customer_id=c39999`)).toBeLessThan(bytes / 4);
  });

  async function readBytes(place: string): Promise<number> {
    at.read = [];
    expect((await at.page(place)).rows.length).toBeGreaterThan(0);
    return at.read.reduce((all, each) => all + each.bytes, 0);
  }
});
