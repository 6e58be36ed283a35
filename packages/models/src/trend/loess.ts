/**
 * Locally weighted straight line through regularly spaced values, at any position (also beyond the ends).
 * W. Cleveland, "Robust Locally Weighted Regression and Smoothing Scatterplots", JASA 74 (1979).
 *
 * @param span nearest values that count; weights fall off by the tricube of the distance
 * @param trust weight of each value from a robust pass; all 1 in the first
 */
export function loessAt(values: Float64Array, span: number, trust: Float64Array, position: number): number {
  const size = values.length;
  const width = Math.min(span, size);
  const left = Math.max(0, Math.min(size - width, Math.ceil(position - width / 2)));
  const right = left + width - 1;
  let reach = Math.max(position - left, right - position);
  // A span longer than the series reaches further still, as in the authors' program.
  if (span > size) reach += (span - size) / 2;
  let sum = 0;
  let mean = 0;
  const weights = new Float64Array(width);
  for (let i = left; i <= right; i++) {
    const far = Math.abs(i - position) / (reach || 1);
    const near = 1 - far * far * far;
    const weight = far >= 0.999 ? 0 : near * near * near * (trust[i] ?? 1);
    weights[i - left] = weight;
    sum += weight;
    mean += weight * i;
  }
  if (sum <= 0) return values[Math.max(0, Math.min(size - 1, Math.round(position)))] ?? 0;
  mean /= sum;
  let level = 0;
  let across = 0;
  let up = 0;
  for (let i = left; i <= right; i++) {
    const weight = weights[i - left] ?? 0;
    const value = values[i] ?? 0;
    level += weight * value;
    across += weight * (i - mean) * (i - mean);
    up += weight * (i - mean) * value;
  }
  const slope = across > 1e-9 * size ? up / across : 0;
  return level / sum + slope * (position - mean);
}

/** The line at every value. */
export function loess(values: Float64Array, span: number, trust: Float64Array): Float64Array {
  return values.map((_, i) => loessAt(values, span, trust, i));
}
