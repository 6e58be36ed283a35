import { type SalesSeries, type SalesTrendResult, salesTrend } from "@penstock/models";
import { Random } from "ml-random";
import { describe, expect, test } from "vitest";
import { mannKendall } from "../../packages/models/src/trend/mann-kendall.ts";
import { stl } from "../../packages/models/src/trend/stl.ts";

type Trend = Extract<SalesTrendResult, { status: "ok" }>;

function trend(values: SalesSeries["values"]): Trend {
  const result = salesTrend({
    category: "toys",
    region: "SP",
    frequency: "month",
    from: "2015-01-01",
    values,
  });
  if (result.status !== "ok") throw new Error(result.reason);
  return result;
}

/** Noise in which a value is like the one before by `likeness`, of deviation 1. */
function noise(size: number, likeness: number, seed: number): number[] {
  const random = new Random(seed);
  let state = 0;
  return Array.from({ length: size }, () => {
    const shock = Math.sqrt(-2 * Math.log(1 - random.random())) * Math.cos(2 * Math.PI * random.random());
    state = likeness * state + Math.sqrt(1 - likeness ** 2) * shock;
    return state;
  });
}

const months = Array.from({ length: 96 }, (_, month) => month);
const season = (month: number) => 10 * Math.sin((month * Math.PI) / 6);

describe("a trend analysis", () => {
  test("finds growth under a season that is much stronger", () => {
    const result = trend(noise(96, 0, 1).map((one, month) => 100 + 0.1 * month + season(month) + one));
    expect(result.direction).toBe("rising");
    expect(result.slope_per_period).toBeCloseTo(0.1, 1);
    expect(result.growth_per_season).toBeCloseTo(1.2 / 104.75, 2);
    expect(result.seasonality_strength).toBeGreaterThan(0.95);
    expect(result.change_points).toEqual([]);
  });

  test("names the month in which sales jumped, and by how much", () => {
    const jumped = noise(96, 0.2, 2).map((one, month) => 100 + season(month) + one + (month >= 60 ? 12 : 0));
    const { change_points } = trend(jumped);
    expect(change_points.map(({ date }) => date)).toEqual(["2020-01-01"]);
    const [jump] = change_points;
    expect(jump === undefined ? 0 : jump.level_after - jump.level_before).toBeGreaterThan(8);
  });

  test("takes noise that wanders for a trend or a change in few of a hundred series", () => {
    const results = Array.from({ length: 100 }, (_, seed) =>
      trend(noise(96, 0.5, seed + 1).map((one) => 100 + one)),
    );
    expect(results.filter(({ direction }) => direction !== "no clear trend").length).toBeLessThanOrEqual(14);
    expect(results.filter(({ change_points }) => change_points.length > 0).length).toBeLessThanOrEqual(14);
    expect(Math.max(...results.map((one) => one.seasonality_strength ?? 1))).toBeLessThan(0.8);
  });

  test("says nothing of seasons for less than two of them", () => {
    const result = trend(months.slice(0, 20).map((month) => 5 + month));
    expect(result.direction).toBe("rising");
    expect(result.seasonality_strength).toBeNull();
  });
});

describe("its parts", () => {
  test("add up to the values, with a season that sums to almost nothing over a year", () => {
    const values = Float64Array.from(noise(96, 0, 5), (one, month) => 50 + season(month) + one);
    const parts = stl(values, 12);
    values.forEach((value, t) => {
      const sum = (parts.trend[t] ?? 0) + (parts.season[t] ?? 0) + (parts.remainder[t] ?? 0);
      expect(sum).toBeCloseTo(value, 9);
    });
    const year = parts.season.slice(36, 48).reduce((sum, one) => sum + one, 0);
    expect(Math.abs(year)).toBeLessThan(1);
  });

  test("give an outlier to the remainder", () => {
    const values = Float64Array.from(months, (month) => 50 + season(month) + (month === 40 ? 200 : 0));
    const { remainder } = stl(values, 12);
    expect(remainder[40]).toBeGreaterThan(190);
  });

  test("count the pairs as Mann and Kendall do", () => {
    const result = mannKendall(Float64Array.of(1, 3, 2, 4, 5));
    expect(result.tau).toBeCloseTo(0.8, 12);
    expect(result.slope).toBeCloseTo(1, 12);
  });
});
