import { total } from "./sales-cells.ts";
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
/** A first month with less than this share of the median month of the year after it is a beginning, not a level. */
const SPARSE = 0.1;
/** More of them are no beginning any more: sales really grew from there. */
const MOST_SPARSE = 3;
const USUAL = { most: 12, least: 3 };
/** Growth of more than 20-fold or to a 20th in a period is an artefact of nearly no sales. */
const WIDEST = Math.log(20);

/**
 * Growth rate of revenue per period with a 90 % interval.
 *
 * Method: Poisson regression of revenue on time with a logarithmic link, by iteratively reweighted least squares; the
 * dispersion is estimated (quasi-Poisson), so that noisy series get wide intervals and the currency does not matter.
 * Periods without sales are allowed, as logarithms of revenue would not allow.
 *
 * It is told from the first period that is real. Those before the first sale, up to three that are under a tenth of the
 * median period of the year after, and up to three with periods without sales behind them that are together under a
 * tenth of the year after, would make certain growth of any start.
 *
 * Source: McCullagh and Nelder (1989), Generalized Linear Models, chapters 6 and 9.
 *
 * @param given revenue of each period in order of time, 0 or more
 * @returns undefined for fewer than 6 real periods, fewer than 3 with sales, or where the steps do not converge
 */
export function growthRate(given: readonly number[]): Growth | undefined {
  const revenue = given.slice(firstReal(given));
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

/** Where the revenue really begins: after an isolated trickle, and after the small periods of a ragged start. */
function firstReal(revenue: readonly number[]): number {
  const sold = (from: number) => revenue.findIndex((value, index) => index >= from && value > 0);
  const yearFrom = (from: number) => revenue.slice(from, from + USUAL.most);
  let first = Math.max(0, sold(0));
  for (;;) {
    const gap = revenue.indexOf(0, first);
    const next = gap < 0 ? -1 : sold(gap);
    if (next < 0 || gap - first > MOST_SPARSE) break;
    if (total(revenue.slice(first, gap)) >= SPARSE * total(yearFrom(next))) break;
    first = next;
  }
  const real = revenue.findIndex((value, index) => {
    const after = yearFrom(index + 1).toSorted((a, b) => a - b);
    const usual = after.length < USUAL.least ? 0 : (after[after.length >> 1] ?? 0);
    return index >= first && value > 0 && value >= SPARSE * usual;
  });
  return real > first && real - first <= MOST_SPARSE ? real : first;
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
