import { studentQuantile } from "./student.ts";

/** Growth from one period to the next, as a rate (0.02 is 2 %), with the ends of its interval. */
export interface Growth {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** With fewer periods the interval would say "anything". */
export const LEAST_PERIODS = 6;
const MAX_STEPS = 100;
/** Growth of more than 20-fold or to a 20th in a period is an artefact of nearly no sales. */
const WIDEST = Math.log(20);

/**
 * Growth rate of revenue per period with a 90 % interval.
 *
 * Method: Poisson regression of revenue on time with a logarithmic link, by iteratively reweighted least squares; the
 * dispersion is estimated (quasi-Poisson), so that noisy series get wide intervals and the currency does not matter.
 * Periods without sales are allowed, as logarithms of revenue would not allow.
 *
 * Source: McCullagh and Nelder (1989), Generalized Linear Models, chapters 6 and 9.
 *
 * @param revenue of each period in order of time, 0 or more
 * @returns undefined for fewer than 6 periods, fewer than 3 with sales, or where the steps do not converge
 */
export function growthRate(revenue: readonly number[]): Growth | undefined {
  const n = revenue.length;
  const mean = revenue.reduce((sum, value) => sum + value, 0) / n;
  if (n < LEAST_PERIODS || revenue.filter((value) => value > 0).length < 3) return undefined;
  const times = revenue.map((_, t) => t - (n - 1) / 2);
  // In units of the mean: the fit is the same for cents and for millions.
  const y = revenue.map((value) => value / mean);
  let [level, slope] = [0, 0];
  for (let step = 0; step < MAX_STEPS; step++) {
    const expected = times.map((t) => Math.exp(level + slope * t));
    const { weight, first, second } = weightedMoments(times, expected);
    const spread = second - first ** 2 / weight;
    const score = y.map((value, t) => value - (expected[t] ?? 0));
    const g0 = score.reduce((sum, value) => sum + value, 0);
    const g1 = score.reduce((sum, value, t) => sum + value * (times[t] ?? 0), 0);
    const change = (g1 - (first / weight) * g0) / spread;
    const shift = g0 / weight - (first / weight) * change;
    if (![change, shift].every(Number.isFinite)) return undefined;
    slope += change;
    level += shift;
    if (Math.abs(slope) > WIDEST) return undefined;
    if (Math.abs(change) + Math.abs(shift) < 1e-10) return interval(y, times, level, slope);
  }
  return undefined;
}

function interval(
  y: readonly number[],
  times: readonly number[],
  level: number,
  slope: number,
): Growth | undefined {
  const expected = times.map((t) => Math.exp(level + slope * t));
  const freedom = y.length - 2;
  const pearson = y.reduce(
    (sum, value, t) => sum + (value - (expected[t] ?? 0)) ** 2 / (expected[t] ?? 1),
    0,
  );
  const { weight, first, second } = weightedMoments(times, expected);
  const error = Math.sqrt(pearson / freedom / (second - first ** 2 / weight));
  const reach = studentQuantile(0.95, freedom) * error;
  const found = {
    rate: Math.expm1(slope),
    low: Math.expm1(Math.max(-WIDEST, slope - reach)),
    high: Math.expm1(Math.min(WIDEST, slope + reach)),
  };
  return Object.values(found).every(Number.isFinite) ? found : undefined;
}

function weightedMoments(times: readonly number[], weights: readonly number[]) {
  let [weight, first, second] = [0, 0, 0];
  times.forEach((t, i) => {
    const w = weights[i] ?? 0;
    weight += w;
    first += w * t;
    second += w * t * t;
  });
  return { weight, first, second };
}
