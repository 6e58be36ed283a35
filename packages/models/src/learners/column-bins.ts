/** Columns cut into bins. */
export interface Bins {
  /** Upper bounds of all bins but the last, rising, by column. */
  readonly cuts: readonly Float64Array[];
  /** The bin of every row, by column. */
  readonly binned: readonly Uint8Array[];
}

const BY_COUNT = 128;
const BY_WIDTH = 127;

/**
 * Cuts every column into at most 256 bins: few values get a bin each; of many, half the cuts stand at quantiles and half
 * at equal steps from least to greatest, so that a thin tail (the highest amounts, 2 in 1,000) is told apart too.
 */
export function binColumns(rows: readonly (readonly number[])[]): Bins {
  const columns = rows[0]?.length ?? 0;
  const cuts: Float64Array[] = [];
  const binned: Uint8Array[] = [];
  for (let column = 0; column < columns; column++) {
    const values = Float64Array.from(rows, (row) => row[column] ?? 0);
    const own = cutsOf(values.toSorted());
    cuts.push(own);
    binned.push(Uint8Array.from(values, (value) => binOf(own, value)));
  }
  return { cuts, binned };
}

/** Index of the bin that holds `value`: the number of cuts below it. */
export function binOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (cuts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cuts halfway between neighbouring values, so that what falls between two seen values goes to the nearer one. */
function cutsOf(sorted: Float64Array): Float64Array {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const middles = Array.from(distinct.subarray(1), (value, i) => {
    const below = distinct[i] ?? value;
    return below + (value - below) / 2;
  });
  if (middles.length < BY_COUNT + BY_WIDTH) return Float64Array.from(middles);
  const low = distinct[0] ?? 0;
  const range = (distinct.at(-1) ?? 0) - low;
  const wanted = [
    ...Array.from(
      { length: BY_COUNT },
      (_, q) => sorted[Math.floor(((q + 1) * sorted.length) / (BY_COUNT + 1))],
    ),
    ...Array.from({ length: BY_WIDTH }, (_, q) => low + ((q + 1) * range) / (BY_WIDTH + 1)),
  ];
  const places = new Set(wanted.map((value) => Math.min(middles.length - 1, binOf(distinct, value ?? low))));
  return Float64Array.from(places, (place) => middles[place] ?? 0).toSorted();
}
