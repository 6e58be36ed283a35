import { combine, type Weights } from "./combine.ts";
import type { EtsAverage } from "./ets-average.ts";
import { type Combined, type Forecasts, forecastMembers } from "./members.ts";

/** Forecasts from one point of the past, beside what came. */
export interface Origin {
  readonly forecasts: Forecasts;
  readonly actual: Float64Array;
}

const ORIGINS = 8;

/**
 * Goes back to up to eight origins, spread over the last two horizons, and forecasts from each with what was known
 * then. L. Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16 (2000).
 */
export function rollOrigins(
  values: Float64Array,
  period: number,
  horizon: number,
  from: EtsAverage,
): Origin[] {
  const size = values.length;
  const least = period > 1 ? 3 * period : 8;
  const first = Math.max(Math.min(least, size - Math.ceil(horizon / 3)), size - 2 * horizon, 6);
  const last = size - 1;
  const places = Array.from({ length: ORIGINS }, (_, k) =>
    Math.round(first + ((last - first) * k) / (ORIGINS - 1)),
  );
  return [...new Set(places)]
    .filter((place) => place >= 6 && place <= last)
    .flatMap((place) => {
      const actual = values.slice(place, place + horizon);
      const forecasts = forecastMembers(values.slice(0, place), period, actual.length, from);
      return forecasts === undefined ? [] : [{ forecasts, actual }];
    });
}

/**
 * Weights by the inverse of the mean squared error at the origins: the optimum for errors that do not hang together.
 * Equal weights where there are no origins. J. Bates, C. Granger, "The Combination of Forecasts", Operational Research
 * Quarterly 20 (1969).
 */
export function inverseErrorWeights(origins: readonly Origin[], present: readonly Combined[]): Weights {
  const errors = present.map((name) => ({
    name,
    error: meanSquare(origins, ({ paths }) => paths[name]),
  }));
  const known = errors.filter(({ error }) => error !== undefined);
  const floor = 1e-12 * Math.max(1e-300, ...known.map(({ error }) => error ?? 0));
  const worst = Math.max(0, ...known.map(({ error }) => error ?? 0));
  const raw = errors.map(({ name, error }) => ({ name, weight: 1 / Math.max(floor, error ?? worst) }));
  const total = raw.reduce((sum, { weight }) => sum + weight, 0);
  return Object.fromEntries(
    raw.map(({ name, weight }) => [name, Number.isFinite(total) ? weight / total : 1 / present.length]),
  );
}

/**
 * Root mean squared error of each method and of the combination, over the origins where the method could be had. Squares,
 * not sizes: of sales that are mostly 0, the forecast with the least absolute error is 0, whatever is sold in total.
 */
export function rootErrors(
  origins: readonly Origin[],
  weights: Weights,
): Readonly<Record<Combined | "combination" | "seasonal_naive", number | undefined>> {
  const of = (path: (forecasts: Forecasts) => Float64Array | undefined) => {
    const error = meanSquare(origins, path);
    return error === undefined ? undefined : Math.sqrt(error);
  };
  return {
    ets: of(({ paths }) => paths.ets),
    theta: of(({ paths }) => paths.theta),
    arima: of(({ paths }) => paths.arima),
    combination: of((forecasts) => combine(forecasts, weights).mean),
    seasonal_naive: of(({ naive }) => naive.mean),
  };
}

/**
 * Squared errors at the origins ÷ the variance that is now expected as far ahead, on average. (Not ÷ the variance
 * expected at the origin: before the first sale of a product that is nothing.) Undefined without origins.
 */
export function varianceRatio(
  origins: readonly Origin[],
  mean: (forecasts: Forecasts) => Float64Array,
  variance: Float64Array,
): number | undefined {
  let [sum, terms] = [0, 0];
  for (const { forecasts, actual } of origins) {
    const path = mean(forecasts);
    actual.forEach((value, h) => {
      const expected = variance[h] ?? 0;
      if (expected <= 0) return;
      sum += (value - (path[h] ?? 0)) ** 2 / expected;
      terms++;
    });
  }
  return terms > 0 ? sum / terms : undefined;
}

function meanSquare(
  origins: readonly Origin[],
  path: (forecasts: Forecasts) => Float64Array | undefined,
): number | undefined {
  let [sum, terms] = [0, 0];
  for (const { forecasts, actual } of origins) {
    const forecast = path(forecasts);
    if (forecast === undefined) continue;
    actual.forEach((value, h) => {
      sum += (value - (forecast[h] ?? 0)) ** 2;
      terms++;
    });
  }
  return terms > 0 ? sum / terms : undefined;
}
