import {
  analyseRegions,
  findOpportunities,
  OpportunitiesResult,
  RegionalResult,
  type SalesCell,
} from "@penstock/models";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { growthRate } from "../../packages/models/src/market/growth.ts";
import { studentQuantile } from "../../packages/models/src/market/student.ts";

/** Monthly sales from 2024-01 on, growing by `rate` a month. */
function sales(
  region: string,
  category: string,
  { start, rate, margin }: { start: number; rate: number; margin: number | null },
): SalesCell[] {
  return Array.from({ length: 12 }, (_, m) => {
    const revenue = start * (1 + rate) ** m * (1 + (m % 2 === 0 ? 0.02 : -0.02));
    return {
      region,
      category,
      period: `2024-${String(m + 1).padStart(2, "0")}`,
      revenue,
      orders: 10,
      cost: margin === null ? null : revenue * (1 - margin),
    };
  });
}

const market = [
  ...sales("SP", "toys", { start: 1_000, rate: 0.1, margin: 0.3 }),
  ...sales("SP", "books", { start: 1_000, rate: 0.1, margin: 0.1 }),
  ...sales("RJ", "toys", { start: 1_000, rate: -0.05, margin: 0.3 }),
  ...sales("RJ", "garden", { start: 1_000, rate: 0.05, margin: null }),
];

describe("growth", () => {
  test("of an exact series is its rate, with hardly any interval", () => {
    const found = growthRate(Array.from({ length: 12 }, (_, t) => 50 * 1.03 ** t));
    expect(found?.rate).toBeCloseTo(0.03, 9);
    expect((found?.high ?? 1) - (found?.low ?? 0)).toBeLessThan(1e-6);
  });

  test("has the interval of a quasi-Poisson regression", () => {
    // By hand for a series symmetric about its middle: the slope is 0 and the interval is the same both ways.
    const flat = growthRate([90, 110, 100, 100, 110, 90]);
    expect(flat?.rate).toBeCloseTo(0, 9);
    // Pearson X² / freedom = (4 × 0.01) / 4 in units of the mean; Σ(t - 2.5)² = 17.5; t(0.95, 4) = 2.131847.
    const reach = 2.131847 * Math.sqrt(0.01 / 17.5);
    expect(Math.log1p(flat?.high ?? 0)).toBeCloseTo(reach, 3);
    expect(Math.log1p(flat?.low ?? 0)).toBeCloseTo(-reach, 3);
  });

  test("bears months without sales, and is not told from too little", () => {
    expect(growthRate([10, 20, 0, 30, 40, 50])?.rate).toBeGreaterThan(0.2);
    expect(growthRate([1, 2, 3, 4, 5])).toBeUndefined();
    expect(growthRate([0, 0, 0, 0, 0, 0, 0, 5])).toBeUndefined();
    expect(growthRate([0, 0, 0, 0, 0, 0])).toBeUndefined();
  });

  test("is told from the first real month: neither months before any sale nor a ragged start make it", () => {
    const flat = [1000, 1040, 960, 1020, 980, 1000, 1040, 960, 1020, 980, 1000, 1000];
    const known = growthRate(flat);

    expect(growthRate([4, 106, 0, 0, ...flat])).toEqual(known);
    expect(growthRate([0, 0, 0, 0, 0, ...flat])).toEqual(known);
    // More than three small months are where sales really were.
    expect(growthRate([9, 9, 9, 9, ...flat])?.low).toBeGreaterThan(0);
  });

  test("has Student's quantiles as in the tables", () => {
    expect(studentQuantile(0.95, 4)).toBeCloseTo(2.1318, 2);
    expect(studentQuantile(0.95, 10)).toBeCloseTo(1.8125, 3);
    expect(studentQuantile(0.95, 1_000)).toBeCloseTo(1.6464, 3);
  });
});

describe("market opportunities", () => {
  test("rank by growth × share × margin, say so where a margin is not known, and carry an interval", () => {
    const result = findOpportunities(market);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(OpportunitiesResult, result)).toBe(true);
    expect(result.opportunities.map(({ region, category, basis }) => [region, category, basis])).toEqual([
      ["SP", "toys", "growth × share × margin"],
      ["SP", "books", "growth × share × margin"],
      ["RJ", "toys", "growth × share × margin"],
      ["RJ", "garden", "growth × share"],
    ]);
    const [toys] = result.opportunities;
    expect(toys?.growth).toBeCloseTo(0.1, 2);
    expect(toys?.margin).toBeCloseTo(0.3, 9);
    expect(toys?.score).toBeCloseTo((toys?.growth ?? 0) * (toys?.share ?? 0) * 0.3, 9);
    for (const one of result.opportunities) {
      expect(one.score_low).toBeLessThan(one.score);
      expect(one.score_high).toBeGreaterThan(one.score);
    }
    expect(result.opportunities.map((one) => one.is_certain)).toEqual([true, true, false, true]);
    expect(result.metrics.covered_revenue_share).toBeCloseTo(1, 9);
  });

  test("are no opportunity where both growth and margin are negative", () => {
    const losing = findOpportunities(sales("SP", "toys", { start: 1_000, rate: -0.1, margin: -0.2 }));
    if (losing.status !== "ok") throw new Error(losing.reason);
    expect(losing.opportunities[0]?.score).toBeLessThan(0);
  });

  test("leave out what sold in too few months, by name", () => {
    const once = market.slice(0, 1).map((cell) => ({ ...cell, category: "once" }));
    const zeros = sales("SP", "nothing", { start: 0, rate: 0, margin: null });
    const result = findOpportunities([...market, ...once, ...zeros]);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(result.left_out.map(({ category }) => category)).toEqual(["nothing", "once"]);
  });

  test.each([
    ["no cells", [], "there are no sales"],
    ["zeros only", sales("SP", "x", { start: 0, rate: 0, margin: null }), "there are no sales"],
    ["one month", market.slice(0, 1), "sales of 1 months; growth can be told from 6 on"],
  ])("say why there are none: %s", (_, cells, reason) => {
    expect(findOpportunities(cells)).toMatchObject({ status: "not enough data", reason });
  });
});

describe("regions", () => {
  test("have size, growth and what they buy more of than others", () => {
    const result = analyseRegions(market);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(RegionalResult, result)).toBe(true);
    expect(result.regions.map(({ region, specialty }) => [region, specialty?.category])).toEqual([
      ["SP", "books"],
      ["RJ", "garden"],
    ]);
    const [saoPaulo, rio] = result.regions;
    expect((saoPaulo?.share ?? 0) + (rio?.share ?? 0)).toBeCloseTo(1, 9);
    expect(saoPaulo?.growth?.rate).toBeCloseTo(0.1, 2);
    expect(rio?.orders).toBe(240);
    expect(rio?.revenue_per_order).toBeCloseTo((rio?.revenue ?? 0) / 240, 9);
    expect(rio?.specialty?.location_quotient).toBeCloseTo(1 / (rio?.share ?? 1), 9);
  });

  test("of one day have sizes but no growth", () => {
    const result = analyseRegions(market.slice(0, 1));
    if (result.status !== "ok") throw new Error(result.reason);
    expect(result.regions).toMatchObject([{ region: "SP", share: 1, growth: null }]);
    expect(result.metrics.concentration).toBe(1);
  });
});
