import * as v from "valibot";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { forecastSeries } from "./forecast-series.ts";
import { dateAfter, Frequency, fillGaps, type SalesSeries, seasonLength } from "./sales-series.ts";

const MODEL = "sales-forecast";
const VERSION = 1;

/**
 * Two-sided quantiles of Student's t with eight degrees of freedom, scaled to variance 1: the variance is itself an
 * estimate from about eight origins, so that errors have heavier tails than the normal distribution's.
 */
const [WITHIN_80, WITHIN_95] = [1.39682 * Math.sqrt(6 / 8), 2.306 * Math.sqrt(6 / 8)];

/** Forecasts of one series, in its unit. */
export const SalesForecastResult = resultOf(MODEL, VERSION, {
  frequency: Frequency,
  method: v.picklist(["combination", "seasonal_naive"]),
  /** How far each combined method is believed; empty for seasonal naive. */
  weights: v.strictObject({
    ets: v.optional(probability),
    theta: v.optional(probability),
    arima: v.optional(probability),
  }),
  /** Unknown values that were filled in before the fit. */
  filled_values: count,
  forecasts: v.array(
    v.strictObject({
      date: v.string(),
      mean: finite,
      lower_80: finite,
      upper_80: finite,
      lower_95: finite,
      upper_95: finite,
    }),
  ),
});
export type SalesForecastResult = v.InferOutput<typeof SalesForecastResult>;

/**
 * Sales forecast of one category and region with 80 % and 95 % prediction intervals; method and sources are
 * {@link forecastSeries}'.
 * Where no value is below 0, no forecast or bound is.
 *
 * @param series sums of sales, daily or monthly
 * @param horizon periods ahead, at least 1
 * @returns metrics `origins`, and for each method and the combination its rolling-origin root mean squared error ÷
 *   that of seasonal naive, `<method>_relative_rmse`. "Not enough data" for fewer than 10 values, over a quarter unknown, zeros
 *   only, a constant, or no finite fit
 */
export function salesForecast(series: SalesSeries, horizon: number): SalesForecastResult {
  const refuse = (reason: string) => notEnoughData(MODEL, VERSION, reason);
  const period = seasonLength[series.frequency];
  const known = fillGaps(series.values, period);
  if ("reason" in known) return refuse(known.reason);
  const forecast = forecastSeries(known.values, period, horizon);
  if ("reason" in forecast) return refuse(forecast.reason);
  const end = known.first + known.values.length;
  const least = known.values.every((one) => one >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  const date = (place: number) => dateAfter(series.from, series.frequency, place);
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: known.values.length, from: date(known.first), to: date(end - 1) },
    metrics: {
      origins: forecast.origins,
      ...Object.fromEntries(
        Object.entries(forecast.relativeErrors).map(([name, error]) => [`${name}_relative_rmse`, error]),
      ),
    },
    frequency: series.frequency,
    method: forecast.method,
    weights: forecast.weights,
    filled_values: known.filled,
    forecasts: Array.from(forecast.mean, (mean, h) => {
      const wide = forecast.deviation[h] ?? 0;
      const floored = (bound: number) => Math.max(least, bound);
      return {
        date: date(end + h),
        mean: floored(mean),
        lower_80: floored(mean - WITHIN_80 * wide),
        upper_80: floored(mean + WITHIN_80 * wide),
        lower_95: floored(mean - WITHIN_95 * wide),
        upper_95: floored(mean + WITHIN_95 * wide),
      };
    }),
  };
}
