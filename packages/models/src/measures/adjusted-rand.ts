/**
 * Adjusted Rand index: how far two groupings of the same things agree, 1 for the same groups under any names, about 0
 * for chance.
 *
 * Source: Hubert and Arabie (1985), "Comparing Partitions".
 */
export function adjustedRand(a: readonly number[], b: readonly number[]): number {
  const cells = new Map<string, number>();
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  a.forEach((left, i) => {
    const right = b[i] ?? 0;
    add(cells, `${left} ${right}`);
    add(rows, left);
    add(columns, right);
  });
  const both = pairs(cells.values());
  const inA = pairs(rows.values());
  const inB = pairs(columns.values());
  const all = (a.length * (a.length - 1)) / 2;
  const expected = all === 0 ? 0 : (inA * inB) / all;
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pairs(counts: Iterable<number>): number {
  let sum = 0;
  for (const n of counts) sum += (n * (n - 1)) / 2;
  return sum;
}
