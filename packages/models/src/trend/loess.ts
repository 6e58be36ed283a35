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
  let [weights, mean] = [0, 0];
  const weight = (i: number) => {
    const far = Math.abs(i - position) / (reach || 1);
    return far >= 0.999 ? 0 : (1 - far ** 3) ** 3 * (trust[i] ?? 1);
  };
  for (let i = left; i <= right; i++) {
    weights += weight(i);
    mean += weight(i) * i;
  }
  if (weights <= 0) return values[Math.max(0, Math.min(size - 1, Math.round(position)))] ?? 0;
  mean /= weights;
  let [level, across, up] = [0, 0, 0];
  for (let i = left; i <= right; i++) {
    const one = weight(i);
    level += one * (values[i] ?? 0);
    across += one * (i - mean) ** 2;
    up += one * (i - mean) * (values[i] ?? 0);
  }
  const slope = across > 1e-9 * size ? up / across : 0;
  return level / weights + slope * (position - mean);
}

/** The line at every value. */
export function loess(values: Float64Array, span: number, trust: Float64Array): Float64Array {
  return values.map((_, i) => loessAt(values, span, trust, i));
}
