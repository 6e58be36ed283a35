import { quickselect } from "simple-statistics";

/** Whether values go up or down with time, whatever the form of the line. */
export interface MannKendall {
  /** Kendall's rank correlation with time, −1 to 1. */
  readonly tau: number;
  /** Two-sided, with the variance corrected for autocorrelation. */
  readonly pValue: number;
  /** Theil and Sen's slope: the median over all pairs, per period. */
  readonly slope: number;
}

/**
 * The Mann-Kendall test and the Theil-Sen slope. Neighbouring sales resemble each other, so that the plain test finds
 * trends where there are none: its variance is corrected for that.
 * H. Mann, Econometrica 13 (1945); P. Sen, JASA 63 (1968); S. Yue, C. Wang, "The Mann-Kendall Test Modified by Effective
 * Sample Size to Detect Trend in Serially Correlated Hydrological Series", Water Resources Management 18 (2004).
 *
 * @param values at least 4, without gaps and season
 */
export function mannKendall(values: Float64Array): MannKendall {
  const size = values.length;
  const slopes = new Float64Array((size * (size - 1)) / 2);
  let [score, pair] = [0, 0];
  for (let late = 1; late < size; late++) {
    for (let early = 0; early < late; early++) {
      const rise = (values[late] ?? 0) - (values[early] ?? 0);
      score += Math.sign(rise);
      slopes[pair++] = rise / (late - early);
    }
  }
  const slope = median(slopes);
  const variance = scoreVariance(values) * correction(values.map((one, t) => one - slope * t));
  const z = variance > 0 ? (score - Math.sign(score)) / Math.sqrt(variance) : 0;
  return { tau: (2 * score) / (size * (size - 1)), pValue: twoSided(z), slope };
}

/** Variance of the score without trend; ties take some of it away. */
function scoreVariance(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const term = (n: number) => n * (n - 1) * (2 * n + 5);
  let sum = term(values.length);
  for (const tied of counts.values()) sum -= term(tied);
  return sum / 18;
}

/**
 * By how much autocorrelation widens the score: that of an autoregression of order 1 with the correlation of
 * neighbouring values around the slope, corrected for its bias in short series (F. Marriott, J. Pope, Biometrika 41,
 * 1954). Never below 1, so that it cannot make a trend.
 */
function correction(detrended: Float64Array): number {
  const size = detrended.length;
  const mean = detrended.reduce((sum, one) => sum + one, 0) / size;
  let [shared, own] = [0, 0];
  for (let t = 0; t < size; t++) {
    const here = (detrended[t] ?? 0) - mean;
    own += here * here;
    if (t > 0) shared += here * ((detrended[t - 1] ?? 0) - mean);
  }
  if (own <= 0) return 1;
  const neighbours = Math.min(0.95, (size * (shared / own) + 2) / Math.max(1, size - 4));
  if (neighbours <= 0) return 1;
  let sum = 0;
  for (let lag = 1; lag < size; lag++) sum += (1 - lag / size) * neighbours ** lag;
  return 1 + 2 * sum;
}

function median(values: Float64Array): number {
  const numbers = Array.from(values);
  const upper = Math.floor(numbers.length / 2);
  quickselect(numbers, upper);
  const high = numbers[upper] ?? 0;
  if (numbers.length % 2 === 1) return high;
  let low = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < upper; i++) low = Math.max(low, numbers[i] ?? low);
  return (low + high) / 2;
}

/** P(|Z| > |z|) for a standard normal Z: W. Cody's fit as in Numerical Recipes' `erfc`, relative error below 1.2e-7. */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const power = coefficients.reduceRight((sum, one) => sum * t + one, 0);
  return Math.min(1, t * Math.exp(-x * x + power));
}
