/** One judged observation: the score that a model gave, higher meaning "more likely", and what it was. */
export interface Scored {
  readonly score: number;
  readonly label: boolean;
}

/**
 * Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half.
 *
 * Source: Hanley and McNeil (1982), by ranks (Mann-Whitney).
 *
 * @returns undefined when one class only is there
 */
export function rocAuc(scored: readonly Scored[]): number | undefined {
  const positives = scored.filter(({ label }) => label).length;
  const negatives = scored.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  let below = 0;
  let won = 0;
  for (const ties of byScore(scored).reverse()) {
    const wins = ties.filter(({ label }) => label).length;
    const losses = ties.length - wins;
    won += wins * (below + losses / 2);
    below += losses;
  }
  return won / (positives * negatives);
}

/**
 * Average precision: the mean over the positives of the precision at the threshold that lets each in.
 *
 * Source: scikit-learn's `average_precision_score` (a step function, without interpolation).
 *
 * @returns undefined when there is no positive
 */
export function averagePrecision(scored: readonly Scored[]): number | undefined {
  const positives = scored.filter(({ label }) => label).length;
  if (positives === 0) return undefined;
  let seen = 0;
  let hits = 0;
  let sum = 0;
  for (const ties of byScore(scored)) {
    const wins = ties.filter(({ label }) => label).length;
    seen += ties.length;
    hits += wins;
    sum += wins * (hits / seen);
  }
  return sum / positives;
}

/** Brier score: the mean squared difference of probability and outcome, 0 at best. Undefined for no observations. */
export function brierScore(scored: readonly Scored[]): number | undefined {
  if (scored.length === 0) return undefined;
  return scored.reduce((sum, { score, label }) => sum + (score - (label ? 1 : 0)) ** 2, 0) / scored.length;
}

/**
 * Expected calibration error over ten bins of equal width: the mean difference, weighted by the bins' sizes, of the
 * mean probability in a bin and the share of positives there. Undefined for no observations.
 *
 * Source: Naeini, Cooper, Hauskrecht (2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning".
 */
export function calibrationError(scored: readonly Scored[], bins = 10): number | undefined {
  if (scored.length === 0) return undefined;
  const gaps = new Array<number>(bins).fill(0);
  for (const { score, label } of scored) {
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    gaps[bin] = (gaps[bin] ?? 0) + score - (label ? 1 : 0);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / scored.length;
}

/** Groups of equal score, the highest first. */
function byScore(scored: readonly Scored[]): Scored[][] {
  const groups: Scored[][] = [];
  let last: Scored[] = [];
  for (const one of scored.toSorted((a, b) => b.score - a.score)) {
    if (last[0]?.score === one.score) last.push(one);
    else {
      last = [one];
      groups.push(last);
    }
  }
  return groups;
}
