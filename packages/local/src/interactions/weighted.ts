import type { Draw } from "../sample/random.ts";

/** Draws places of a list, some oftener than others. */
export interface Weighted {
  /** A place from 0 to below the number of weights. */
  place(draw: Draw): number;
}

/** Whole draws are of 31 bits: finer than any weight here. */
const RESOLUTION = 2 ** 31 - 1;

/** Places by their weights, which are not negative and not all 0. */
export function weighted(weights: readonly number[]): Weighted {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (const [place, weight] of weights.entries()) {
    total += weight;
    sums[place] = total;
  }
  return {
    place(draw) {
      const wanted = (draw.int(0, RESOLUTION - 1) / RESOLUTION) * total;
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((sums[middle] ?? 0) <= wanted) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/** Weights by a power law: the first of `count` comes `n ** exponent` times as often as the n-th. */
export function powerLaw(count: number, exponent: number): number[] {
  return Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
}
