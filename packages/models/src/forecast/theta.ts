import { minimise } from "../optimise/bfgs.ts";
import { isSeasonal, seasonIndices } from "./season-indices.ts";

/** Errors before the running line has three points say nothing of it. */
const WARM_UP = 3;
/** Starts of α, and of how much of the line is followed (½ is the classical Theta method). */
const STARTS = [
  [0.1, 0.5],
  [0.5, 0.5],
  [0.5, 0.9],
  [0.9, 0.5],
] as const;

/**
 * The dynamic optimised Theta model: simple exponential smoothing that also follows a share of the least-squares line
 * through all values so far, the share (1 − 1/θ) fitted with the smoothing. The season, where a test finds one, is taken
 * out before and put back after: a factor where all values are above 0, else a term.
 * V. Assimakopoulos, K. Nikolopoulos, "The theta model", International Journal of Forecasting 16 (2000); J. Fiorucci,
 * T. Pellegrini, F. Louzada, F. Petropoulos, A. Koehler, "Models for optimising the theta method and their relationship
 * to state space models", International Journal of Forecasting 32 (2016).
 *
 * @param values no gaps, on a scale near 1
 * @returns point forecasts, or undefined for fewer than 6 values
 */
export function thetaForecast(
  values: Float64Array,
  period: number,
  horizon: number,
): Float64Array | undefined {
  if (values.length < 2 * WARM_UP) return undefined;
  const kind = values.every((one) => one > 0) ? "multiplicative" : "additive";
  const indices = isSeasonal(values, period) ? seasonIndices(values, period, kind) : undefined;
  const effect = (t: number) => indices?.[t % period] ?? (kind === "additive" ? 0 : 1);
  const adjusted = values.map((value, t) => (kind === "additive" ? value - effect(t) : value / effect(t)));
  const objective = (at: Float64Array) =>
    values.length * Math.log(Math.max(run(adjusted, read(at)).sumOfSquares, 1e-300));
  const best = STARTS.map(([alpha, share]) => Float64Array.of(adjusted[0] ?? 0, logit(alpha), logit(share)))
    .map((at) => ({ at, value: objective(at) }))
    .reduce((least, one) => (one.value < least.value ? one : least));
  const fitted = read(minimise(objective, best.at, { maxSteps: 40, tolerance: 1e-7 }).at);
  return ahead(run(adjusted, fitted), fitted, horizon).map((one, h) =>
    kind === "additive" ? one + effect(values.length + h) : one * effect(values.length + h),
  );
}

interface Theta {
  readonly start: number;
  readonly alpha: number;
  readonly share: number;
}

/** After `seen` values: the smoothed level, the line so far, and (1 − α)^seen. */
interface Standing {
  seen: number;
  level: number;
  mean: number;
  intercept: number;
  slope: number;
  decay: number;
  sumOfSquares: number;
}

function run(values: Float64Array, theta: Theta): Standing {
  const now: Standing = {
    seen: 0,
    level: theta.start,
    mean: 0,
    intercept: 0,
    slope: 0,
    decay: 1,
    sumOfSquares: 0,
  };
  for (let t = 0; t < values.length; t++) {
    const value = values[t] ?? 0;
    const miss = value - next(now, theta);
    if (t >= WARM_UP) now.sumOfSquares += miss * miss;
    observe(now, value, theta.alpha);
  }
  return now;
}

function ahead(now: Standing, theta: Theta, horizon: number): Float64Array {
  return new Float64Array(horizon).map(() => {
    const forecast = next(now, theta);
    observe(now, forecast, theta.alpha);
    return forecast;
  });
}

/** The forecast of the next value. */
function next({ level, intercept, slope, decay }: Standing, { alpha, share }: Theta): number {
  return level + share * (decay * intercept + ((1 - decay * (1 - alpha)) / alpha) * slope);
}

/** Smooths the level and turns the least-squares line by one more value. */
function observe(now: Standing, value: number, alpha: number): void {
  const before = now.mean;
  now.seen++;
  now.level += alpha * (value - now.level);
  now.decay *= 1 - alpha;
  now.mean += (value - before) / now.seen;
  if (now.seen > 1)
    now.slope = ((now.seen - 2) * now.slope + (6 / now.seen) * (value - before)) / (now.seen + 1);
  now.intercept = now.mean - ((now.seen + 1) / 2) * now.slope;
}

function read(at: Float64Array): Theta {
  const [start = 0, alpha = 0, share = 0] = at;
  return { start, alpha: 0.001 + 0.998 * logistic(alpha), share: logistic(share) };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logit(place: number): number {
  return Math.log(place / (1 - place));
}
