import { type SalesForecastResult, type SalesSeries, salesForecast } from "@penstock/models";
import { Random } from "ml-random";
import { describe, expect, test } from "vitest";
import { etsChecks } from "../../bench/models-ets.ts";
import { airPassengerChecks, m3Checks } from "../../bench/models-forecast.ts";
import { expectToHold, isAbsent, referenceData, skipped } from "./reference-checks.ts";

type Forecast = Extract<SalesForecastResult, { status: "ok" }>;

function forecast(values: SalesSeries["values"], given: Partial<SalesSeries> = {}, horizon = 14): Forecast {
  const series = { category: "toys", region: "SP", frequency: "day", from: "2025-01-06", values } as const;
  const result = salesForecast({ ...series, ...given }, horizon);
  if (result.status !== "ok") throw new Error(result.reason);
  return result;
}

/** Weeks of sales with a strong Saturday, growing by a little, with noise. */
function weeks(days: number, seed = 1): number[] {
  const random = new Random(seed);
  return Array.from(
    { length: days },
    (_, day) => 100 + 0.2 * day + (day % 7 === 5 ? 80 : 0) + 20 * random.random(),
  );
}

describe.skipIf(isAbsent)(`published series${skipped}`, () => {
  test("air passengers: the last year is within the bar", async () => {
    expectToHold(await airPassengerChecks(referenceData));
  });

  test("R's exponential smoothing: the same likelihoods, and maxima at least as high", async () => {
    expectToHold(await etsChecks(referenceData));
  });

  // `npm run bench -- models` takes all of them.
  test("M3's monthly series, each fifth: as accurate as the bar, and intervals that hold what they say", async () => {
    expectToHold(await m3Checks(referenceData, 5));
  });
});

describe("a sales forecast", () => {
  test("continues the dates, the season and the growth of daily sales", () => {
    const { forecasts, trained_on, metrics } = forecast(weeks(140));
    expect(trained_on).toEqual({ observations: 140, from: "2025-01-06", to: "2025-05-25" });
    expect(forecasts.map(({ date }) => date).slice(0, 2)).toEqual(["2025-05-26", "2025-05-27"]);
    const saturday = forecasts.find(({ date }) => date === "2025-05-31");
    expect(saturday?.mean).toBeGreaterThan(200);
    expect(saturday?.mean).toBeLessThan(240);
    expect(metrics.combination_relative_rmse).toBeLessThan(1);
  });

  test("has its wider interval around the narrower around the mean, and wider ones further ahead", () => {
    const { forecasts } = forecast(weeks(100));
    for (const one of forecasts) {
      const bounds = [one.lower_95, one.lower_80, one.mean, one.upper_80, one.upper_95];
      expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    }
    const width = (at: number) => (forecasts.at(at)?.upper_95 ?? 0) - (forecasts.at(at)?.lower_95 ?? 0);
    expect(width(-1)).toBeGreaterThanOrEqual(width(0));
  });

  test("is never negative where sales are not, and may be where returns outweigh them", () => {
    const falling = Array.from({ length: 60 }, (_, day) => Math.max(0, 60 - day) + (day % 3));
    const returns = falling.map((one) => one - 30);
    expect(Math.min(...forecast(falling).forecasts.map((one) => one.lower_95))).toBe(0);
    expect(Math.min(...forecast(returns).forecasts.map((one) => one.lower_95))).toBeLessThan(0);
  });

  test("keeps its intervals within reason when the first sale has just been made", () => {
    const first = [...new Array(39).fill(0), 5];
    const most = Math.max(...forecast(first).forecasts.map((one) => one.upper_95));
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThan(50);
  });

  test("is the same for the same series, and scales with its unit", () => {
    const values = weeks(90);
    const cents = forecast(values.map((one) => one * 100)).forecasts;
    expect(forecast(values)).toEqual(forecast(values));
    forecast(values).forecasts.forEach((one, h) => {
      expect((cents[h]?.upper_95 ?? 0) / one.upper_95).toBeCloseTo(100, 0);
    });
  });

  test("fills a few unknown days and says how many; unknown ends do not count", () => {
    const whole = weeks(100);
    const holes = whole.map((one, day) => (day % 17 === 3 ? null : one));
    const result = forecast([null, null, ...holes, null], { from: "2025-01-04" });
    expect(result.filled_values).toBe(6);
    expect(result.trained_on).toEqual({ observations: 100, from: "2025-01-06", to: "2025-04-15" });
    result.forecasts.forEach((one, h) => {
      expect(Math.abs(one.mean - (forecast(whole).forecasts[h]?.mean ?? 0))).toBeLessThan(12);
    });
  });

  test("counts months by the calendar", () => {
    const months = Array.from(
      { length: 36 },
      (_, month) => 100 + 30 * Math.sin((month * Math.PI) / 6) + (month % 5),
    );
    const result = forecast(months, { frequency: "month", from: "2022-02-01" }, 3);
    expect(result.forecasts.map(({ date }) => date)).toEqual(["2025-02-01", "2025-03-01", "2025-04-01"]);
  });
});
