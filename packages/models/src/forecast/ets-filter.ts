import type { EtsForm } from "./ets-form.ts";

/** Where exponential smoothing stands after some observation: what its next forecast is made of. */
export interface EtsState {
  readonly level: number;
  /** Per period: added (0 without trend) or, for a multiplicative trend, a factor. */
  readonly growth: number;
  /** Of the next `period` observations in order: added or factors. Empty without season. */
  readonly seasons: Float64Array;
}

/** Weights as `ets()` reports them: beta and gamma apply to the error itself, phi damps the trend. */
export interface EtsWeights {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** What a pass leaves behind, one place per observation; reused from pass to pass, since a fit makes thousands. */
export interface EtsTrace {
  /** State before each observation, and after the last. */
  readonly levels: Float64Array;
  readonly growths: Float64Array;
  /** The season that each observation met. */
  readonly effects: Float64Array;
  readonly forecasts: Float64Array;
  /** Observation − forecast; divided by the forecast for a multiplicative error. */
  readonly errors: Float64Array;
  /** Seasons after the last observation, by observation number modulo the period. */
  readonly seasons: Float64Array;
  sumOfSquares: number;
}

/** A trace for series of this length; `period` is 0 for a form without season. */
export function newTrace(length: number, period: number): EtsTrace {
  return {
    levels: new Float64Array(length + 1),
    growths: new Float64Array(length + 1),
    effects: new Float64Array(length),
    forecasts: new Float64Array(length),
    errors: new Float64Array(length),
    seasons: new Float64Array(period),
    sumOfSquares: 0,
  };
}

/**
 * Runs exponential smoothing over a series in its state space form and fills the trace. R. Hyndman, A. Koehler, J. Ord,
 * R. Snyder, "Forecasting with Exponential Smoothing" (2008), tables 2.2 and 2.3 and equation 5.3.
 *
 * @returns the deviance, −2 × log-likelihood without constants: n ln Σe² (+ 2 Σ ln forecast for multiplicative
 *   errors); Infinity where a forecast leaves the range of the form
 */
export function etsPass(
  form: EtsForm,
  values: Float64Array,
  { alpha, beta, gamma, phi }: EtsWeights,
  start: EtsState,
  trace: EtsTrace,
): number {
  const relative = form.error === "M";
  const [noTrend, additiveTrend] = [form.trend === "N", form.trend === "A"];
  const [noSeason, additiveSeason] = [form.season === "N", form.season === "A"];
  const { levels, growths, effects, forecasts, errors, seasons } = trace;
  const period = seasons.length;
  seasons.set(start.seasons);
  const pull = noTrend ? 0 : beta / alpha;
  let { level, growth } = start;
  let [sumOfSquares, logs, product, at] = [0, 0, 1, 0];
  for (let t = 0; t < values.length; t++) {
    const value = values[t] ?? 0;
    levels[t] = level;
    growths[t] = growth;
    const damped = noTrend ? 0 : additiveTrend ? phi * growth : growth ** phi;
    const base = noTrend ? level : additiveTrend ? level + damped : level * damped;
    const effect = noSeason ? 0 : (seasons[at] ?? 0);
    const forecast = noSeason ? base : additiveSeason ? base + effect : base * effect;
    let miss = value - forecast;
    if (relative) {
      if (!(forecast > 1e-10)) return Number.POSITIVE_INFINITY;
      miss /= forecast;
      product *= forecast;
      if (product > 1e100 || product < 1e-100) {
        logs += Math.log(product);
        product = 1;
      }
    }
    effects[t] = effect;
    forecasts[t] = forecast;
    errors[t] = miss;
    sumOfSquares += miss * miss;
    const seen = noSeason ? value : additiveSeason ? value - effect : value / effect;
    const before = level;
    level = base + alpha * (seen - base);
    if (additiveTrend) growth = damped + pull * (level - before - damped);
    else if (!noTrend) growth = damped + pull * (level / before - damped);
    if (!noSeason) {
      seasons[at] = effect + gamma * ((additiveSeason ? value - base : value / base) - effect);
      at = at + 1 === period ? 0 : at + 1;
    }
  }
  levels[values.length] = level;
  growths[values.length] = growth;
  trace.sumOfSquares = sumOfSquares;
  const fit = values.length * Math.log(Math.max(sumOfSquares, 1e-300));
  const deviance = relative ? fit + 2 * (logs + Math.log(product)) : fit;
  return Number.isFinite(deviance) && Number.isFinite(level + growth) ? deviance : Number.POSITIVE_INFINITY;
}

/** The state after the last observation of a pass. */
export function endState({ levels, growths, effects, seasons }: EtsTrace): EtsState {
  const length = effects.length;
  return {
    level: levels[length] ?? 0,
    growth: growths[length] ?? 0,
    seasons: seasons.map((_, i) => seasons[(length + i) % seasons.length] ?? 0),
  };
}

/** The next `horizon` point forecasts: the path without further errors. */
export function etsForecast(
  { trend, season }: EtsForm,
  { phi }: Pick<EtsWeights, "phi">,
  { level, growth, seasons }: EtsState,
  horizon: number,
): Float64Array {
  const path = new Float64Array(horizon);
  let sum = 0;
  for (let h = 0; h < horizon; h++) {
    sum += phi ** (h + 1);
    const base = trend === "N" ? level : trend === "A" ? level + sum * growth : level * growth ** sum;
    const effect = seasons[h % Math.max(1, seasons.length)] ?? 0;
    path[h] = season === "N" ? base : season === "A" ? base + effect : base * effect;
  }
  return path;
}
