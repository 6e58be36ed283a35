import { loess, loessAt } from "./loess.ts";

/** A series taken apart: value = trend + season + remainder. */
export interface Decomposition {
  readonly trend: Float64Array;
  readonly season: Float64Array;
  readonly remainder: Float64Array;
}

/** Passes over season and trend, and outer ones that take weight from outliers; the authors' advice for robust fits. */
const INNER = 2;
const OUTER = 5;
/** Years (or weeks) over which a season may change its shape. */
const SEASON_SPAN = 11;

/**
 * Seasonal-trend decomposition by loess, robust. R. Cleveland, W. Cleveland, J. McRae, I. Terpenning, "STL: A
 * Seasonal-Trend Decomposition Procedure Based on Loess", Journal of Official Statistics 6 (1990).
 *
 * @param values at least two periods without gaps
 * @param period at least 2
 */
export function stl(values: Float64Array, period: number): Decomposition {
  const size = values.length;
  const trendSpan = odd((1.5 * period) / (1 - 1.5 / SEASON_SPAN));
  const passSpan = odd(period);
  let trust: Float64Array = new Float64Array(size).fill(1);
  let trend: Float64Array = new Float64Array(size);
  let season: Float64Array = new Float64Array(size);
  for (let outer = 0; outer <= OUTER; outer++) {
    for (let inner = 0; inner < INNER; inner++) {
      const cycles = smoothedCycles(
        values.map((one, t) => one - (trend[t] ?? 0)),
        period,
        trust,
      );
      const low = loess(lowPass(cycles, period), passSpan, new Float64Array(size).fill(1));
      season = low.map((one, t) => (cycles[t + period] ?? 0) - one);
      trend = loess(
        values.map((one, t) => one - (season[t] ?? 0)),
        trendSpan,
        trust,
      );
    }
    trust = robustness(values.map((one, t) => one - (trend[t] ?? 0) - (season[t] ?? 0)));
  }
  return { trend, season, remainder: values.map((one, t) => one - (trend[t] ?? 0) - (season[t] ?? 0)) };
}

/** Each season's values over the years, smoothed and carried on by one year at both ends. */
function smoothedCycles(detrended: Float64Array, period: number, trust: Float64Array): Float64Array {
  const extended = new Float64Array(detrended.length + 2 * period);
  for (let phase = 0; phase < period; phase++) {
    const places = Math.ceil((detrended.length - phase) / period);
    const values = Float64Array.from({ length: places }, (_, i) => detrended[phase + i * period] ?? 0);
    const weights = Float64Array.from({ length: places }, (_, i) => trust[phase + i * period] ?? 0);
    for (let i = -1; i <= places; i++)
      extended[phase + (i + 1) * period] = loessAt(values, SEASON_SPAN, weights, i);
  }
  return extended;
}

/** Moving averages over a period, a period and three: what of the cycles is trend. */
function lowPass(cycles: Float64Array, period: number): Float64Array {
  return average(average(average(cycles, period), period), 3);
}

function average(values: Float64Array, width: number): Float64Array {
  const result = new Float64Array(values.length - width + 1);
  let sum = 0;
  values.forEach((value, t) => {
    sum += value - (t >= width ? (values[t - width] ?? 0) : 0);
    if (t >= width - 1) result[t - width + 1] = sum / width;
  });
  return result;
}

/** Bisquare weights: none beyond six median absolute remainders. */
function robustness(remainder: Float64Array): Float64Array {
  const sizes = remainder.map(Math.abs);
  const sorted = sizes.toSorted();
  const middle = sorted.length / 2;
  const limit = 3 * ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0));
  return sizes.map((one) =>
    limit <= 0 || one <= 0.001 * limit ? 1 : one >= 0.999 * limit ? 0 : (1 - (one / limit) ** 2) ** 2,
  );
}

function odd(width: number): number {
  const whole = Math.ceil(width);
  return whole % 2 === 0 ? whole + 1 : whole;
}

/**
 * How much of the variation around the trend is season, 0 to 1, and of that around the season is trend.
 * X. Wang, K. Smith, R. Hyndman, "Characteristic-based clustering for time series data", Data Mining and Knowledge
 * Discovery 13 (2006).
 */
export function strengths({ trend, season, remainder }: Decomposition): { trend: number; season: number } {
  const share = (part: Float64Array) => {
    const both = variance(part.map((one, t) => one + (remainder[t] ?? 0)));
    return both > 0 ? Math.min(1, Math.max(0, 1 - variance(remainder) / both)) : 0;
  };
  return { trend: share(trend), season: share(season) };
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length;
}
