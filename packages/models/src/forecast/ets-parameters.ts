import type { EtsState, EtsWeights } from "./ets-filter.ts";
import type { EtsForm } from "./ets-form.ts";
import type { EtsSlope } from "./ets-slope.ts";

/** The usual region of the weights with the margins that `ets()` keeps, so that fits can be compared. */
const LEAST = 1e-4;
const MOST = 1 - 1e-4;
const DAMPING = { least: 0.8, most: 0.98 };
/** The growth is the smallest of the states; the optimiser sees it this much larger. */
const GROWTH_UNIT = 0.1;

/** Weights as places between their limits, each from 0 to 1. */
export function places({ alpha, beta, gamma, phi }: EtsWeights): readonly [number, number, number, number] {
  return [
    alpha,
    (beta - LEAST) / Math.max(alpha - LEAST, LEAST),
    (gamma - LEAST) / Math.max(1 - alpha - LEAST, LEAST),
    (phi - DAMPING.least) / (DAMPING.most - DAMPING.least),
  ];
}

/**
 * The optimiser's point: places of the weights on the logistic scale, then states. The last season follows from the
 * others (they sum to 0, or to the period).
 */
export function pack(
  { trend, damped, season }: EtsForm,
  period: number,
  [alpha, beta, gamma, phi]: readonly [number, number, number, number],
  { level, growth, seasons }: EtsState,
): Float64Array {
  const at = [logit(alpha)];
  if (trend !== "N") at.push(logit(beta));
  if (season !== "N") at.push(logit(gamma));
  if (damped) at.push(logit(phi));
  at.push(level);
  if (trend !== "N") at.push((trend === "M" ? growth - 1 : growth) / GROWTH_UNIT);
  if (season !== "N") at.push(...seasons.slice(0, period - 1));
  return Float64Array.from(at);
}

/**
 * The inverse of {@link pack}: weights within their limits and the state before the first value, for any point of the
 * optimiser. Without a season `seasons` is empty, without a trend `growth` is 0.
 *
 * @param period values per season
 */
export function unpack(
  { trend, damped, season }: EtsForm,
  period: number,
  at: Float64Array,
): { weights: EtsWeights; start: EtsState } {
  let next = 0;
  const take = () => at[next++] ?? 0;
  const between = (least: number, most: number) => least + (most - least) * logistic(take());
  const alpha = between(LEAST, MOST);
  const beta = trend === "N" ? 0 : between(LEAST, Math.max(LEAST, alpha));
  const gamma = season === "N" ? 0 : between(LEAST, Math.max(LEAST, 1 - alpha));
  const phi = damped ? between(DAMPING.least, DAMPING.most) : 1;
  const level = take();
  const growth = trend === "N" ? 0 : take() * GROWTH_UNIT + (trend === "M" ? 1 : 0);
  if (season === "N")
    return { weights: { alpha, beta, gamma, phi }, start: { level, growth, seasons: NONE } };
  const seasons = new Float64Array(period);
  let last = season === "A" ? 0 : period;
  for (let i = 0; i < period - 1; i++) {
    const effect = take();
    seasons[i] = effect;
    last -= effect;
  }
  seasons[period - 1] = last;
  return { weights: { alpha, beta, gamma, phi }, start: { level, growth, seasons } };
}

const NONE = new Float64Array();

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logit(place: number): number {
  const inside = Math.min(0.999, Math.max(0.001, place));
  return Math.log(inside / (1 - inside));
}

/** Carries derivatives by weights and states over to the optimiser's point: the chain rule through `unpack`. */
export function unpackedSlope(
  { trend, damped, season }: EtsForm,
  at: Float64Array,
  { alpha }: EtsWeights,
  slope: EtsSlope,
  into: Float64Array,
): void {
  let next = 1;
  let byAlpha = slope.alpha;
  if (trend !== "N") {
    const place = logistic(at[next] ?? 0);
    byAlpha += slope.beta * place;
    into[next++] = slope.beta * (alpha - LEAST) * place * (1 - place);
  }
  if (season !== "N") {
    const place = logistic(at[next] ?? 0);
    byAlpha -= slope.gamma * place;
    into[next++] = slope.gamma * (1 - alpha - LEAST) * place * (1 - place);
  }
  if (damped) {
    const place = logistic(at[next] ?? 0);
    into[next++] = slope.phi * (DAMPING.most - DAMPING.least) * place * (1 - place);
  }
  const place = logistic(at[0] ?? 0);
  into[0] = byAlpha * (MOST - LEAST) * place * (1 - place);
  into[next++] = slope.level;
  if (trend !== "N") into[next++] = slope.growth * GROWTH_UNIT;
  const last = slope.seasons.length - 1;
  for (let i = 0; i < last; i++) into[next++] = (slope.seasons[i] ?? 0) - (slope.seasons[last] ?? 0);
}
