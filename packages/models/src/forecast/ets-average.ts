import { etsForecast } from "./ets-filter.ts";
import { type EtsFit, fitEts } from "./ets-fit.ts";
import { candidateForms } from "./ets-form.ts";
import { etsVariance } from "./ets-variance.ts";

/** Forms of exponential smoothing and how far each is believed. */
export interface EtsAverage {
  /** By falling weight; the weights sum to 1. */
  readonly members: readonly { readonly fit: EtsFit; readonly weight: number }[];
}

/** Steps of the optimiser for a first fit, and for one that starts at a neighbouring origin's. */
const EFFORT = { first: 40, again: 8 };
/** A form below this share barely moves the forecast, and would cost a fit at every origin. */
const LEAST_WEIGHT = 0.05;

/**
 * Fits all candidate forms and weighs them by exp(−ΔAICc / 2), which does not stake the forecast on one of several
 * forms that fit alike. S. Kolassa, "Combining exponential smoothing forecasts using Akaike weights", International
 * Journal of Forecasting 27 (2011).
 *
 * @param from an average fitted to another stretch of the series: only its forms, started where they were
 * @returns undefined when no form could be fitted
 */
export function fitEtsAverage(
  values: Float64Array,
  period: number,
  from?: EtsAverage,
): EtsAverage | undefined {
  const positive = values.every((one) => one > 0);
  const fits =
    from === undefined
      ? candidateForms(period > 1, positive).map((form) =>
          fitEts(form, values, period, { effort: EFFORT.first }),
        )
      : from.members.map(({ fit }) => fitEts(fit.form, values, period, { from: fit, effort: EFFORT.again }));
  const found = fits.filter((fit) => fit !== undefined).sort((a, b) => a.aicc - b.aicc);
  const [best] = found;
  if (best === undefined) return undefined;
  const kept = found
    .map((fit) => ({ fit, weight: Math.exp((best.aicc - fit.aicc) / 2) }))
    .filter(({ weight }) => weight >= LEAST_WEIGHT);
  const sum = kept.reduce((total, { weight }) => total + weight, 0);
  return { members: kept.map(({ fit, weight }) => ({ fit, weight: weight / sum })) };
}

/** Weighted mean of the forms' point forecasts, and the variance of their mixture, per period ahead. */
export function forecastEtsAverage(
  { members }: EtsAverage,
  horizon: number,
): { mean: Float64Array; variance: Float64Array } {
  const paths = members.map(({ fit, weight }) => ({
    weight,
    path: etsForecast(fit.form, fit.weights, fit.end, horizon),
    variance: etsVariance(fit, horizon),
  }));
  const mean = new Float64Array(horizon).map((_, h) =>
    paths.reduce((sum, { weight, path }) => sum + weight * (path[h] ?? 0), 0),
  );
  const variance = mean.map((middle, h) =>
    paths.reduce(
      (sum, one) => sum + one.weight * ((one.variance[h] ?? 0) + ((one.path[h] ?? 0) - middle) ** 2),
      0,
    ),
  );
  return { mean, variance };
}
