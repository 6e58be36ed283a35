/** The sum is taken down by this whenever it has grown beyond it, and the logarithm kept: a double ends at 1e308. */
const LARGE = 1e150;
const MOST_TERMS = 100_000;

/**
 * e^log · ₂F₁(a, b; c; z) by Gauss's series, 0 ≤ z < 1, for a factor and a series of which one may be too small and the
 * other too large for a double while the product is neither. For c ≥ a + b − 1: then, once the signs have settled, the
 * ratio of one term to the one before only falls until it is below z and stays there, which bounds what is left out.
 */
export function scaledHypergeometric(a: number, b: number, c: number, z: number, log: number): number {
  let [sum, term, scale] = [1, 1, log];
  const settled = Math.max(0, -a, -b, -c);
  for (let n = 0; n < MOST_TERMS; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    const most = Math.max(ratio, z);
    if (n > settled && most < 1 && Math.abs(term) * most <= 1e-15 * Math.abs(sum) * (1 - most)) break;
    if (Math.abs(sum) > LARGE) {
      sum /= LARGE;
      term /= LARGE;
      scale += Math.log(LARGE);
    }
  }
  return sum * Math.exp(scale);
}
