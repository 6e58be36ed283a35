/**
 * The seasonal indices of a series by classical decomposition: a centred moving average over one period takes the
 * trend out, what is left is averaged by season and normalised (sum 0, or mean 1). M. Kendall, A. Stuart, "The Advanced
 * Theory of Statistics", vol. 3 (1983).
 *
 * @param values at least two periods
 * @returns index of the season of observation i at i mod period; factors are kept above 0.01
 */
export function seasonIndices(
  values: Float64Array,
  period: number,
  kind: "additive" | "multiplicative",
): Float64Array {
  const trend = centredAverage(values, period);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let t = 0; t < values.length; t++) {
    const [value = 0, middle = Number.NaN] = [values[t], trend[t]];
    const left = kind === "additive" ? value - middle : value / middle;
    if (!Number.isFinite(left)) continue;
    sums[t % period] = (sums[t % period] ?? 0) + left;
    counts[t % period] = (counts[t % period] ?? 0) + 1;
  }
  const neutral = kind === "additive" ? 0 : 1;
  const means = sums.map((sum, i) => ((counts[i] ?? 0) > 0 ? sum / (counts[i] ?? 1) : neutral));
  const overall = means.reduce((sum, one) => sum + one, 0) / period;
  if (kind === "additive") return means.map((one) => one - overall);
  return means.map((one) => (overall > 0 ? Math.max(0.01, one / overall) : 1));
}

/** The 2 × m average for even periods, the m average for odd ones; NaN within half a period of the ends. */
function centredAverage(values: Float64Array, period: number): Float64Array {
  const half = Math.floor(period / 2);
  const even = period % 2 === 0;
  return values.map((_, t) => {
    if (t < half || t + half >= values.length) return Number.NaN;
    let sum = 0;
    for (let i = t - half; i <= t + half; i++) {
      const edge = even && (i === t - half || i === t + half);
      sum += (values[i] ?? 0) * (edge ? 0.5 : 1);
    }
    return sum / period;
  });
}

/** Autocorrelation at a lag; 0 for a constant. */
function autocorrelation(values: Float64Array, lag: number): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  let [shared, own] = [0, 0];
  for (let t = 0; t < values.length; t++) {
    const here = (values[t] ?? 0) - mean;
    own += here * here;
    if (t >= lag) shared += here * ((values[t - lag] ?? 0) - mean);
  }
  return own > 0 ? shared / own : 0;
}

/**
 * Whether a series has a season: its autocorrelation at one period against the 90 % limit of Bartlett's formula. The
 * test that the M3 competition's Theta and NAIVE2 entries used (V. Assimakopoulos, K. Nikolopoulos, 2000).
 */
export function isSeasonal(values: Float64Array, period: number): boolean {
  if (period < 2 || values.length < 3 * period) return false;
  let squares = 0;
  for (let lag = 1; lag < period; lag++) squares += autocorrelation(values, lag) ** 2;
  const limit = 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
  return Math.abs(autocorrelation(values, period)) > limit;
}
