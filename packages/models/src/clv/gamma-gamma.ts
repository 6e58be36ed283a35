import { gammaln } from "simple-statistics";
import { minimise } from "../optimise/bfgs.ts";
import { standardErrorsOfLogs } from "../optimise/standard-errors.ts";

/** What a customer with repeat purchases spends. */
export interface Spend {
  /** Repeat purchases, at least 1. */
  readonly frequency: number;
  /** Mean amount per repeat purchase, above 0. */
  readonly mean: number;
}

/** Gamma-Gamma: amounts of a customer ~ Gamma(p, ν), and ν ~ Gamma(q, v) over the customers. */
export interface GammaGamma {
  readonly p: number;
  readonly q: number;
  /** In the unit of the amounts. */
  readonly v: number;
}

/** A fit by maximum likelihood. */
export interface GammaGammaFit extends GammaGamma {
  readonly log_likelihood: number;
  readonly converged: boolean;
  /** Of p, q, v from the curvature at the maximum; null where it is too flat to tell. */
  readonly standard_errors: GammaGamma | null;
}

const [LEAST, MOST] = [1e-6, 1e6];

/**
 * Fits Gamma-Gamma by maximum likelihood over customers with repeat purchases.
 * P. Fader, B. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013), equation 1a.
 *
 * @param spends at least one; amounts in one currency
 * @returns v in that currency, p and q without a unit; `converged` is false where no maximum was reached within the range
 *   that is searched, and the parameters then mean nothing
 */
export function fitGammaGamma(spends: readonly Spend[]): GammaGammaFit {
  const scale = spends.reduce((sum, { mean }) => sum + mean, 0) / Math.max(1, spends.length) || 1;
  const scaled = spends.map(({ frequency, mean }) => ({ frequency, mean: mean / scale }));
  const objective = (logs: Float64Array) => {
    const [p = 0, q = 0, v = 0] = logs.map(Math.exp);
    if (![p, q, v].every((one) => one > LEAST && one < MOST)) return Number.POSITIVE_INFINITY;
    return -gammaGammaLogLikelihood(scaled, { p, q, v }) / spends.length;
  };
  const starts = [
    [1, 2, 1],
    [5, 4, 0.5],
    [0.5, 5, 5],
  ].map((start) =>
    minimise(objective, Float64Array.from(start, Math.log), { maxSteps: 500, tolerance: 1e-12 }),
  );
  const best = starts.reduce((least, one) => (one.value < least.value ? one : least));
  const [p = 1, q = 1, v = 1] = best.at.map(Math.exp);
  const parameters = { p, q, v: v * scale };
  const errors = standardErrorsOfLogs((logs) => objective(logs) * spends.length, best.at);
  const [seP, seQ, seV] = errors ?? [];
  return {
    ...parameters,
    log_likelihood: gammaGammaLogLikelihood(spends, parameters),
    converged: best.converged && Number.isFinite(best.value),
    standard_errors:
      seP === undefined || seQ === undefined || seV === undefined ? null : { p: seP, q: seQ, v: seV * scale },
  };
}

/** Log-likelihood of the mean spends under given parameters. */
export function gammaGammaLogLikelihood(spends: readonly Spend[], { p, q, v }: GammaGamma): number {
  const fixed = q * Math.log(v) - gammaln(q);
  const ofFrequency = new Map<number, number>();
  let sum = 0;
  for (const { frequency: x, mean } of spends) {
    const px = p * x;
    let known = ofFrequency.get(x);
    if (known === undefined) {
      known = fixed + gammaln(px + q) - gammaln(px) + px * Math.log(x);
      ofFrequency.set(x, known);
    }
    sum += known + (px - 1) * Math.log(mean) - (px + q) * Math.log(x * mean + v);
  }
  return sum;
}

/**
 * Mean amount expected of a customer's purchases: his own mean and the population's, weighted by how much he has
 * bought (equation 5). Without repeat purchases (`frequency` 0) it is the population's, which exists for q > 1 only.
 */
export function expectedSpend({ p, q, v }: GammaGamma, { frequency, mean }: Spend): number {
  return (p * (v + frequency * mean)) / (p * frequency + q - 1);
}
