import { Random } from "ml-random";

/** A forest that tells how few random cuts set a row apart. Made by {@link fitIsolationForest}. */
export interface IsolationForest {
  /** Anomaly score of one row, in (0, 1): near 1 is set apart at once, about 0.5 or below is ordinary. */
  score(row: readonly number[]): number;
}

/** A cut at `value` of `column`, or a leaf with as many rows of the sample as fell there, at that depth. */
type Node =
  | { readonly column: number; readonly value: number; readonly below: Node; readonly above: Node }
  | { readonly length: number };

/**
 * Isolation forest: unsupervised anomaly score.
 *
 * Method: each tree cuts a random sample of the rows at random values of random columns until every row is alone or the
 * depth of a balanced tree is reached; a row that few cuts isolate is anomalous. Score = 2^(-mean path / c(sample)),
 * where c(n) is the mean path of an unsuccessful search in a binary tree of n keys. Cuts do not depend on the columns'
 * scale, only on their shape: give skewed amounts as logarithms.
 *
 * Own code because the libraries (`isolation-forest` 0.0.9, `ml-isolation-forest` 0.1.0) take their randomness from
 * `Math.random`, so that no two runs agree, and the second has no sampling: each of its trees holds all rows.
 *
 * Source: Liu, Ting, Zhou (2008), "Isolation Forest", ICDM; sample 256 is the paper's.
 *
 * @param rows one list of finite numbers per observation
 * @returns undefined for fewer than 2 rows: nothing can be set apart
 */
export function fitIsolationForest(
  rows: readonly (readonly number[])[],
  {
    trees = 200,
    sample = 256,
    seed,
  }: { readonly trees?: number; readonly sample?: number; readonly seed: number },
): IsolationForest | undefined {
  if (rows.length < 2) return undefined;
  const size = Math.min(sample, rows.length);
  const random = new Random(seed);
  const depth = Math.ceil(Math.log2(size));
  const forest = flat(Array.from({ length: trees }, () => grow(draw(rows, size, random), 0, depth, random)));
  const normal = searchPath(size);
  return { score: (row) => 2 ** (-pathLengths(forest, row) / trees / normal) };
}

/** `size` different rows (Floyd's sampling). */
function draw<T>(rows: readonly T[], size: number, random: Random): T[] {
  const picked = new Set<number>();
  for (let last = rows.length - size; last < rows.length; last++) {
    const index = random.randInt(last + 1);
    picked.add(picked.has(index) ? last : index);
  }
  return [...picked].flatMap((index) => rows.slice(index, index + 1));
}

function grow(rows: readonly (readonly number[])[], depth: number, limit: number, random: Random): Node {
  if (depth >= limit || rows.length <= 1) return { length: depth + searchPath(rows.length) };
  // Only columns that differ here can be cut, as in the authors' own code: else a constant column wastes cuts.
  const cuttable = ranges(rows);
  const cut = cuttable[random.randInt(cuttable.length)];
  if (cut === undefined) return { length: depth + searchPath(rows.length) };
  const value = cut.low + random.random() * (cut.high - cut.low);
  const isBelow = (row: readonly number[]) => (row[cut.column] ?? 0) <= value;
  return {
    column: cut.column,
    value,
    below: grow(rows.filter(isBelow), depth + 1, limit, random),
    above: grow(
      rows.filter((row) => !isBelow(row)),
      depth + 1,
      limit,
      random,
    ),
  };
}

function ranges(rows: readonly (readonly number[])[]): { column: number; low: number; high: number }[] {
  return (rows[0] ?? []).flatMap((first, column) => {
    let low = first;
    let high = first;
    for (const row of rows) {
      const value = row[column] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return high > low ? [{ column, low, high }] : [];
  });
}

/** All trees in lists of numbers, which are walked several times as fast as objects: node by node, the roots' places apart. */
interface FlatForest {
  readonly roots: readonly number[];
  /** Column of a cut; -1 for a leaf. */
  readonly column: Int32Array;
  /** Value of a cut, length of a leaf. */
  readonly value: Float64Array;
  /** Place of the node below the cut; that above is at `above`. */
  readonly below: Int32Array;
  readonly above: Int32Array;
}

function flat(trees: readonly Node[]): FlatForest {
  const nodes: { column: number; value: number; below: number; above: number }[] = [];
  const place = (node: Node): number => {
    const own = { column: -1, value: 0, below: 0, above: 0 };
    const at = nodes.push(own) - 1;
    if ("length" in node) own.value = node.length;
    else {
      const [below, above] = [place(node.below), place(node.above)];
      Object.assign(own, { column: node.column, value: node.value, below, above });
    }
    return at;
  };
  const roots = trees.map(place);
  return {
    roots,
    column: Int32Array.from(nodes, ({ column }) => column),
    value: Float64Array.from(nodes, ({ value }) => value),
    below: Int32Array.from(nodes, ({ below }) => below),
    above: Int32Array.from(nodes, ({ above }) => above),
  };
}

/** Sum of a row's path lengths over all trees. */
function pathLengths({ roots, column, value, below, above }: FlatForest, row: readonly number[]): number {
  let path = 0;
  for (const root of roots) {
    let at = root;
    let cut = column[at] ?? -1;
    while (cut >= 0) {
      at = ((row[cut] ?? 0) <= (value[at] ?? 0) ? below[at] : above[at]) ?? 0;
      cut = column[at] ?? -1;
    }
    path += value[at] ?? 0;
  }
  return path;
}

/** c(n) of the paper: the mean path of an unsuccessful search among n keys. */
function searchPath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  const harmonic = Math.log(n - 1) + 0.5772156649015329;
  return 2 * harmonic - (2 * (n - 1)) / n;
}
