import { LEAST_SIZE, MOST_SIZE, OUT_OF_RANGE } from "./calculable.ts";
import { combine, type Weights } from "./combine.ts";
import { type Combined, combined, type Forecasts, forecastMembers } from "./members.ts";
import { inverseErrorWeights, rollOrigins, rootErrors, varianceRatio } from "./rolling-origin.ts";

/** A forecast of the next periods. */
export interface SeriesForecast {
  readonly method: "combination" | "seasonal_naive";
  /** Of the combined methods; empty for seasonal naive. */
  readonly weights: Weights;
  readonly mean: Float64Array;
  /** Standard deviation of the error to expect, per period ahead. */
  readonly deviation: Float64Array;
  /** Rolling-origin root mean squared error, each ÷ that of seasonal naive: below 1 is better. */
  readonly relativeErrors: Readonly<Partial<Record<Combined | "combination", number>>>;
  readonly origins: number;
}

/** Fewer values carry no forecast. */
const LEAST_VALUES = 10;
/** Older values say little of the next weeks, and cost time. */
const MOST_VALUES = 400;
/** Seasonal naive has to be better by this factor over the few origins: the combination's mean is the safer choice. */
const CLEARLY = 0.8;

/**
 * Forecasts one regular series: exponential smoothing (all forms, by Akaike weights), the dynamic optimised Theta model
 * and the airline model, weighed by the inverse of their squared rolling-origin errors; or seasonal naive where that
 * was clearly better at the same origins. Combining models of different kinds is what large comparisons found most
 * accurate (S. Makridakis, E. Spiliotis, V. Assimakopoulos, "The M4 Competition", 2020; F. Petropoulos, I. Svetunkov,
 * "A simple combination of univariate models", 2020, both International Journal of Forecasting).
 *
 * The variance is half way between that of the mixture of models and what the errors at the origins were: the
 * formulas take parameters as known, and the origins are few and overlap.
 *
 * @param values at least 10 without gaps, the last 400 count; `period` falls back to 1 for less than two seasons
 * @returns a sentence why there is no forecast: too few values, or values that never change
 */
export function forecastSeries(
  values: Float64Array,
  seasonLength: number,
  horizon: number,
): SeriesForecast | { readonly reason: string } {
  if (values.length < LEAST_VALUES)
    return { reason: `${values.length} values; at least ${LEAST_VALUES} are needed` };
  if (values.every((one) => one === 0)) return { reason: "all values are 0" };
  if (values.every((one) => one === values[0])) return { reason: "the values never change" };
  const recent = values.slice(-MOST_VALUES);
  const scale = recent.reduce((sum, one) => sum + Math.abs(one) / recent.length, 0);
  if (recent.every((one) => one === recent[0])) return { reason: "the recent values never change" };
  if (!(scale >= LEAST_SIZE && scale <= MOST_SIZE)) return { reason: OUT_OF_RANGE };
  const scaled = recent.map((one) => one / scale);
  const period = recent.length >= 2 * seasonLength + 2 ? seasonLength : 1;
  const forecasts = forecastMembers(scaled, period, horizon);
  if (forecasts === undefined) return { reason: "no model could be fitted to the values" };
  const origins = rollOrigins(scaled, period, horizon, forecasts.ets);
  const weights = inverseErrorWeights(
    origins,
    combined.filter((name) => forecasts.paths[name] !== undefined),
  );
  const errors = rootErrors(origins, weights);
  const naive = errors.seasonal_naive ?? Number.POSITIVE_INFINITY;
  const isNaive = naive < CLEARLY * (errors.combination ?? 0);
  const chosen = isNaive ? (of: Forecasts) => of.naive : (of: Forecasts) => combine(of, weights);
  const { mean, variance } = chosen(forecasts);
  const ratio = (1 + (varianceRatio(origins, (of) => chosen(of).mean, variance) ?? 1)) / 2;
  const result = {
    mean: mean.map((one) => one * scale),
    deviation: variance.map((one) => Math.sqrt(one * ratio) * scale),
  };
  if (![...result.mean, ...result.deviation].every(Number.isFinite))
    return { reason: "the fitted models give no finite forecast" };
  return {
    method: isNaive ? "seasonal_naive" : "combination",
    weights: isNaive ? {} : weights,
    ...result,
    relativeErrors: relative(errors, naive),
    origins: origins.length,
  };
}

function relative(
  errors: Readonly<Record<Combined | "combination", number | undefined>>,
  naive: number,
): SeriesForecast["relativeErrors"] {
  return Object.fromEntries(
    [...combined, "combination" as const].flatMap((name) => {
      const ratio = (errors[name] ?? Number.NaN) / naive;
      return Number.isFinite(ratio) ? [[name, ratio]] : [];
    }),
  );
}
