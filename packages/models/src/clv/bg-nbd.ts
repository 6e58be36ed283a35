import { gammaln } from "simple-statistics";
import { minimise } from "../optimise/bfgs.ts";
import { standardErrorsOfLogs } from "../optimise/standard-errors.ts";
import { scaledHypergeometric } from "./hypergeometric.ts";

/** A customer's purchase history in one unit of time (days or weeks; the rates come out per that unit). */
export interface PurchaseHistory {
  /** Repeat purchases x: periods with a purchase after the first one. A whole number. */
  readonly frequency: number;
  /** Time from the first to the last purchase, t_x; 0 without a repeat purchase. */
  readonly recency: number;
  /** Time from the first purchase to the end of what was observed, T ≥ t_x. */
  readonly age: number;
}

/**
 * BG/NBD: purchases come at a rate λ ~ Gamma(r, α) while a customer is alive; after each one he leaves with a
 * probability ~ Beta(a, b).
 */
export interface BgNbd {
  readonly r: number;
  /** In the unit of time of the histories. */
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** A fit by maximum likelihood. */
export interface BgNbdFit extends BgNbd {
  readonly log_likelihood: number;
  readonly converged: boolean;
  /** Of r, alpha, a, b from the curvature at the maximum; null where it is too flat to tell. */
  readonly standard_errors: BgNbd | null;
}

/** Beyond these a parameter has run away: the data do not say how customers differ. */
const [LEAST, MOST] = [1e-6, 1e6];

const STARTS = [
  [1, 1, 1, 1],
  [0.25, 1, 0.8, 2.5],
  [1, 5, 0.3, 3],
  [0.1, 0.5, 1, 10],
] as const;
const STEPS = { maxSteps: 500, tolerance: 1e-12 };
/** Different histories that are enough to find the right start of the fit to all. */
const SCOUTS = 3_000;

/**
 * Fits BG/NBD by maximum likelihood; of four starts the one that leads lowest (the surface is flat in a and b where few
 * repeat).
 * P. Fader, B. Hardie, K. Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model",
 * Marketing Science 24 (2005), equation 6.
 *
 * @param histories at least one; all in one unit of time (days, weeks)
 * @returns alpha in that unit (purchases come at r / alpha per unit), the others without a unit; `converged` is false
 *   where no maximum was reached within the range that is searched, and the parameters then mean nothing
 */
export function fitBgNbd(histories: readonly PurchaseHistory[]): BgNbdFit {
  const distinct = tally(histories);
  const unit = Math.max(...distinct.map(({ age }) => age), Number.MIN_VALUE) / 10;
  const scaled = distinct.map((one) => ({ ...one, recency: one.recency / unit, age: one.age / unit }));
  const objectiveOf = (some: readonly Tallied[]) => {
    const customers = some.reduce((sum, one) => sum + one.customers, 0);
    return (logs: Float64Array) => {
      const [r = 0, alpha = 0, a = 0, b = 0] = logs.map(Math.exp);
      if (![r, alpha, a, b].every((one) => one > LEAST && one < MOST)) return Number.POSITIVE_INFINITY;
      return -total(some, { r, alpha, a, b }) / customers;
    };
  };
  const every = Math.ceil(scaled.length / SCOUTS);
  const scout = objectiveOf(scaled.filter((_, i) => i % every === 0));
  const scouted = STARTS.map((start) => minimise(scout, Float64Array.from(start, Math.log), STEPS)).reduce(
    (least, one) => (one.value < least.value ? one : least),
  );
  const objective = objectiveOf(scaled);
  const best = minimise(objective, scouted.at, STEPS);
  const [r = 1, alpha = 1, a = 1, b = 1] = best.at.map(Math.exp);
  const parameters = { r, alpha: alpha * unit, a, b };
  const errors = standardErrorsOfLogs((logs) => objective(logs) * histories.length, best.at);
  const [seR, seAlpha, seA, seB] = errors ?? [];
  return {
    ...parameters,
    log_likelihood: total(distinct, parameters),
    converged: best.converged && Number.isFinite(best.value),
    standard_errors:
      seR === undefined || seAlpha === undefined || seA === undefined || seB === undefined
        ? null
        : { r: seR, alpha: seAlpha * unit, a: seA, b: seB },
  };
}

/** Log-likelihood of the histories under given parameters. */
export function bgNbdLogLikelihood(histories: readonly PurchaseHistory[], parameters: BgNbd): number {
  return total(tally(histories), parameters);
}

/**
 * Probability that a customer has not left. 1 for one who has bought only once: he had no occasion to leave after a
 * repeat purchase (a property of the model). Equation 11 of the authors' note "Computing P(alive) Using the BG/NBD
 * Model" (2008).
 */
export function aliveProbability({ r, alpha, a, b }: BgNbd, history: PurchaseHistory): number {
  const { frequency: x, recency, age } = history;
  if (x === 0) return 1;
  const log = (r + x) * Math.log((alpha + age) / (alpha + recency)) + Math.log(a / (b + x - 1));
  return 1 / (1 + Math.exp(log));
}

/**
 * Purchases expected of a customer in the next `time`, given the history. Equation 10 of the paper. Its hypergeometric
 * function has two forms (Euler's transformation), and the one whose terms fall is taken: that of the paper where
 * a > 1 + r + x, else the other, for which the power in front, 1 − z = (α + T)/(α + T + t), cancels but for
 * (1 − z)^(a − 1).
 */
export function expectedPurchases(parameters: BgNbd, history: PurchaseHistory, time: number): number {
  if (time <= 0) return 0;
  const { r, alpha, b } = parameters;
  // At a = 1 the formula is 0/0 with a limit; just beside it is that limit to nine digits.
  const a = Math.abs(parameters.a - 1) < 1e-6 ? 1 + 1e-6 : parameters.a;
  const { frequency: x, age } = history;
  const c = a + b + x - 1;
  const rest = (alpha + age) / (alpha + age + time);
  const none =
    a - 1 > r + x
      ? scaledHypergeometric(r + x, b + x, c, 1 - rest, (r + x) * Math.log(rest))
      : scaledHypergeometric(a + b - 1 - r, a - 1, c, 1 - rest, (a - 1) * Math.log(rest));
  const unconditional = (c / (a - 1)) * (1 - none);
  return Math.max(0, unconditional * aliveProbability(parameters, history));
}

interface Tallied extends PurchaseHistory {
  readonly customers: number;
}

/** Equal histories once, with how many customers have them: most of a shop's customers have bought once. */
function tally(histories: readonly PurchaseHistory[]): Tallied[] {
  const tallied = new Map<string, Tallied>();
  for (const { frequency, recency, age } of histories) {
    const key = `${frequency} ${recency} ${age}`;
    const customers = (tallied.get(key)?.customers ?? 0) + 1;
    tallied.set(key, { frequency, recency, age, customers });
  }
  return [...tallied.values()];
}

function total(tallied: readonly Tallied[], { r, alpha, a, b }: BgNbd): number {
  const constant = new Map<number, { readonly counts: number; readonly left: number }>();
  const fixed = r * Math.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b);
  let sum = 0;
  for (const { frequency: x, recency, age, customers } of tallied) {
    let of = constant.get(x);
    if (of === undefined) {
      of = {
        counts: fixed + gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x),
        left: x > 0 ? Math.log(a / (b + x - 1)) : 0,
      };
      constant.set(x, of);
    }
    const alive = -(r + x) * Math.log(alpha + age);
    let either = alive;
    if (x > 0) {
      const left = of.left - (r + x) * Math.log(alpha + recency);
      const more = Math.max(alive, left);
      either = more + Math.log(Math.exp(alive - more) + Math.exp(left - more));
    }
    sum += customers * (of.counts + either);
  }
  return sum;
}
