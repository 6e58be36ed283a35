import {
  customerLifetimeValue,
  LifetimeValueResult,
  SalesForecastResult,
  type SalesSeries,
  SalesTrendResult,
  salesForecast,
  salesTrend,
} from "@penstock/models";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";

const amount = fc.oneof(
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 5 }),
  fc.constant(0),
);
const series: fc.Arbitrary<SalesSeries> = fc.record({
  category: fc.constant("toys"),
  region: fc.constant("SP"),
  frequency: fc.constantFrom("day" as const, "month" as const),
  from: fc.constantFrom("2024-02-29", "2025-01-01"),
  values: fc.oneof(
    fc.array(amount, { maxLength: 60 }),
    fc.array(fc.option(amount, { freq: 8 }), { maxLength: 60 }),
    fc.tuple(amount, fc.integer({ min: 0, max: 60 })).map(([value, size]) => new Array(size).fill(value)),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 60 }),
  ),
});

const customers = fc.array(
  fc
    .record({
      repeats: fc.integer({ min: 0, max: 40 }),
      recency: fc.double({ min: 0.01, max: 1, noNaN: true }),
      age: fc.integer({ min: 1, max: 2_000 }),
      spend: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e6, noNaN: true })),
    })
    .map(({ repeats, recency, age, spend }) => ({
      customer: "c",
      repeat_days: repeats,
      recency_days: repeats > 0 ? recency * age : 0,
      age_days: age,
      mean_spend: repeats > 0 ? spend : 0,
    })),
  { maxLength: 80 },
);

describe("whatever the data", () => {
  test("a sales forecast is a whole answer of finite numbers or a stated reason", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 20 }), (sales, horizon) => {
        const result = salesForecast(sales, horizon);
        expect(v.safeParse(SalesForecastResult, result).issues).toBeUndefined();
        if (result.status === "ok") expect(result.forecasts).toHaveLength(horizon);
        else expect(result.reason).not.toBe("");
      }),
      { numRuns: 60 },
    );
  });

  test("a trend analysis is a whole answer of finite numbers or a stated reason", () => {
    fc.assert(
      fc.property(series, (sales) => {
        const result = salesTrend(sales);
        expect(v.safeParse(SalesTrendResult, result).issues).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test("customer lifetime value is a whole answer of finite numbers or a stated reason", () => {
    fc.assert(
      fc.property(customers, (all) => {
        const horizon = { horizonDays: 364, annualDiscount: 0.1 };
        const result = customerLifetimeValue(all, horizon, { from: null, to: null });
        expect(v.safeParse(LifetimeValueResult, result).issues).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });
});

describe("of sales there is no forecast and no trend", () => {
  const cases: readonly [string, SalesSeries["values"], string][] = [
    ["without any day", [], "no values"],
    ["of unknown days only", [null, null, null], "no values"],
    ["of one day", [12], "1 values; at least 10 are needed"],
    ["of zeros only", new Array(50).fill(0), "all values are 0"],
    ["of one and the same amount", new Array(50).fill(12.5), "the values never change"],
    [
      "of sums no shop has",
      Array.from({ length: 20 }, (_, day) => (day % 2 === 0 ? 1.7e308 : -1.7e308)),
      "the values are too large or too small to calculate with",
    ],
    [
      "that are mostly unknown",
      Array.from({ length: 40 }, (_, day) => (day % 3 === 0 ? day : null)),
      "26 of 40 values are unknown; at most a quarter may be",
    ],
  ];

  test.each(cases)("%s", (_, values, reason) => {
    const sales = { category: "toys", region: "SP", frequency: "day", from: "2025-01-01", values } as const;
    const answers = [salesForecast(sales, 7), salesTrend(sales)];
    for (const answer of answers) expect(answer).toMatchObject({ status: "not enough data", reason });
  });
});
