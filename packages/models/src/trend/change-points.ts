/** A stretch of a series that one straight line describes. */
export interface Segment {
  /** Position of its first value. */
  readonly start: number;
  /** Of its last value. */
  readonly end: number;
  /** The line at `start`, and per period. */
  readonly level: number;
  readonly slope: number;
}

const MOST_CHANGES = 5;
/** What a change adds to fit: its place, a level and a slope. */
const PARAMETERS = 3;

/**
 * Splits a series where its level or slope changes: the best split into straight lines for each number of changes up to
 * five (exact, by dynamic programming), and of these the one with the least criterion of Liu, Wu and Zidek, which asks
 * more of a change than BIC does. Noise that hangs together from value to value counts as fewer values,
 * n (1 − ρ)/(1 + ρ), with ρ measured in the finest split and corrected for the lines fitted there.
 * J. Bai, P. Perron, "Computation and analysis of multiple structural change models", Journal of Applied Econometrics 18
 * (2003); J. Liu, S. Wu, J. Zidek, "On segmented multivariate regression", Statistica Sinica 7 (1997).
 *
 * @param values without gaps and season
 * @param shortest values that a segment has at least
 * @returns one segment where nothing changes
 */
export function segments(values: Float64Array, shortest: number): Segment[] {
  const size = values.length;
  const most = Math.max(0, Math.min(MOST_CHANGES, Math.floor(size / shortest) - 1));
  const costs = segmentCosts(values);
  let best = values.map((_, end) =>
    end + 1 >= shortest ? (costs[end * size] ?? 0) : Number.POSITIVE_INFINITY,
  );
  const totals = [best[size - 1] ?? 0];
  const cuts: Int32Array[] = [];
  for (let change = 1; change <= most; change++) {
    const cut = new Int32Array(size);
    best = best.map((_, end) => {
      let least = Number.POSITIVE_INFINITY;
      for (let start = shortest * change; start <= end - shortest + 1; start++) {
        const total = (best[start - 1] ?? 0) + (costs[end * size + start] ?? 0);
        if (total < least) {
          least = total;
          cut[end] = start;
        }
      }
      return least;
    });
    cuts.push(cut);
    totals.push(best[size - 1] ?? 0);
  }
  const splits = totals.map((_, changes) => split(values, cuts, changes));
  const together = dependence(values, splits.at(-1) ?? []);
  const effective = Math.max(Math.E, (size * (1 - together)) / (1 + together));
  const perParameter = 0.299 * Math.log(effective) ** 2.1;
  const smallest = 1e-12 * Math.max(...totals, 1e-300);
  const criterion = totals.map(
    (total, changes) =>
      effective * Math.log(Math.max(total, smallest) / size) + PARAMETERS * changes * perParameter,
  );
  return splits[criterion.indexOf(Math.min(...criterion))] ?? [];
}

/** Squared errors around the least-squares line from `start` to `end`, at end × size + start. */
function segmentCosts(values: Float64Array): Float64Array {
  const size = values.length;
  const mean = values.reduce((sum, one) => sum + one, 0) / size;
  const costs = new Float64Array(size * size);
  for (let end = 0; end < size; end++) {
    // Sums over the values from `start` to `end`, with time counted back from the end.
    let sum = 0;
    let squares = 0;
    let products = 0;
    for (let start = end; start >= 0; start--) {
      const value = (values[start] ?? 0) - mean;
      const n = end - start + 1;
      sum += value;
      squares += value * value;
      products += (start - end) * value;
      const across = (n * (n * n - 1)) / 12;
      const up = products + ((n - 1) / 2) * sum;
      const around = squares - (sum * sum) / n;
      costs[end * size + start] = Math.max(0, across > 0 ? around - (up * up) / across : around);
    }
  }
  return costs;
}

function split(values: Float64Array, cuts: readonly Int32Array[], changes: number): Segment[] {
  const found: Segment[] = [];
  let end = values.length - 1;
  for (let change = changes; change >= 0; change--) {
    const start = change === 0 ? 0 : (cuts[change - 1]?.[end] ?? 0);
    found.unshift(lineThrough(values, start, end));
    end = start - 1;
  }
  return found;
}

function lineThrough(values: Float64Array, start: number, end: number): Segment {
  const n = end - start + 1;
  const middle = (n - 1) / 2;
  let [mean, up] = [0, 0];
  for (let i = 0; i < n; i++) {
    mean += (values[start + i] ?? 0) / n;
    up += (i - middle) * (values[start + i] ?? 0);
  }
  const slope = n > 1 ? up / ((n * (n * n - 1)) / 12) : 0;
  return { start, end, level: mean - slope * middle, slope };
}

/** Correlation of neighbouring errors around the segments' lines, from 0 to 0.95. */
function dependence(values: Float64Array, found: readonly Segment[]): number {
  const errors = found.flatMap(({ start, end, level, slope }) =>
    Array.from(values.subarray(start, end + 1), (value, i) => value - level - slope * i),
  );
  let [shared, own] = [0, 0];
  errors.forEach((error, t) => {
    own += error * error;
    if (t > 0) shared += error * (errors[t - 1] ?? 0);
  });
  if (own <= 0) return 0;
  const bias = ((1 + shared / own) * PARAMETERS * found.length) / errors.length;
  return Math.min(0.95, Math.max(0, shared / own + bias));
}
