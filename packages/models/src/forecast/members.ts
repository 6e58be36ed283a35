import { airlineForecast } from "./airline.ts";
import { type EtsAverage, fitEtsAverage, forecastEtsAverage } from "./ets-average.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { thetaForecast } from "./theta.ts";

/** The methods that are combined; seasonal naive stands beside them. */
export const combined = ["ets", "theta", "arima"] as const;
export type Combined = (typeof combined)[number];

/** What each method says of the periods after some origin. */
export interface Forecasts {
  readonly paths: Readonly<Partial<Record<Combined, Float64Array>>>;
  /** Of the errors to expect, as exponential smoothing sees them. */
  readonly variance: Float64Array;
  readonly naive: { readonly mean: Float64Array; readonly variance: Float64Array };
  readonly ets: EtsAverage;
}

/**
 * Forecasts by every method that the series carries. Three kinds of model, so that their errors differ: exponential
 * smoothing weighed over its forms, Theta, and the airline model (seasonal series only).
 *
 * @param from exponential smoothing fitted to a longer stretch, to start from
 * @returns undefined where not even exponential smoothing and seasonal naive can be had
 */
export function forecastMembers(
  values: Float64Array,
  period: number,
  horizon: number,
  from?: EtsAverage,
): Forecasts | undefined {
  const naive = seasonalNaive(values, period, horizon);
  const ets = fitEtsAverage(values, period, from) ?? fitEtsAverage(values, period);
  if (naive === undefined || ets === undefined) return undefined;
  const { mean, variance } = forecastEtsAverage(ets, horizon);
  if (!mean.every(Number.isFinite) || !variance.every(Number.isFinite)) return undefined;
  const theta = thetaForecast(values, period, horizon);
  const arima = airlineForecast(values, period, horizon);
  return {
    ets,
    naive,
    variance,
    paths: {
      ets: mean,
      ...(theta?.every(Number.isFinite) ? { theta } : {}),
      ...(arima?.every(Number.isFinite) ? { arima } : {}),
    },
  };
}
