/** Rows of one bin on both sides. */
export interface BinRows {
  readonly now: number;
  readonly before: number;
}

/** What takes the place of an empty bin's share: the index has a logarithm of it. */
const LEAST_SHARE = 1e-4;

/** The standard normal distribution's value that is exceeded once in a thousand times. */
const Z = 3.0902;
/** Kolmogorov's: sqrt(-ln(0.001 / 2) / 2). */
const K = 1.9495;

/**
 * Population stability index of rows in the same bins: the sum over the bins of (p - q) ln(p / q). Shares under
 * {@link LEAST_SHARE} count as that, so that it is always a number. 0 when a side has no rows: nothing can be said then.
 */
export function stabilityIndex(bins: readonly BinRows[]): number {
  const [now, before] = totals(bins);
  if (now === 0 || before === 0) return 0;
  return bins.reduce((sum, bin) => {
    const p = Math.max(LEAST_SHARE, bin.now / now);
    const q = Math.max(LEAST_SHARE, bin.before / before);
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

/**
 * The index that chance alone exceeds once in a thousand times: over samples of one population it is distributed as
 * chi-square by (1/n + 1/m), with one degree of freedom less than there are bins that hold anything (B. Yurdakul and J.
 * Naranjo, Statistical properties of the population stability index, 2020). The quantile by Wilson and Hilferty.
 */
export function stabilityByChance(bins: readonly BinRows[]): number {
  const [now, before] = totals(bins);
  const freedom = bins.filter((bin) => bin.now + bin.before > 0).length - 1;
  if (now === 0 || before === 0 || freedom < 1) return 0;
  const spread = 2 / (9 * freedom);
  const quantile = freedom * (1 - spread + Z * Math.sqrt(spread)) ** 3;
  return quantile * (1 / now + 1 / before);
}

/** The distance of Kolmogorov and Smirnov that samples of these sizes exceed by chance once in a thousand times; 1 at most. */
export function distanceByChance(now: number, before: number): number {
  return Math.min(1, K * Math.sqrt(1 / now + 1 / before));
}

function totals(bins: readonly BinRows[]): [now: number, before: number] {
  return [bins.reduce((sum, { now }) => sum + now, 0), bins.reduce((sum, { before }) => sum + before, 0)];
}
