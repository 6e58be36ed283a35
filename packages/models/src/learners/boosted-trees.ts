import { Random } from "ml-random";
import { binColumns, binOf } from "./column-bins.ts";

/** Trees that each correct the sum of those before. Made by {@link fitBoostedTrees}. */
export interface BoostedTrees {
  /** Log-odds of one row. */
  logOdds(row: readonly number[]): number;
}

/** How the trees are grown. The defaults are middling on purpose: nothing here is fitted to one data set. */
export interface BoostingOptions {
  readonly trees?: number;
  readonly learningRate?: number;
  readonly depth?: number;
  /** Least sum of p(1-p) in a leaf: keeps a leaf from resting on a handful of rows. */
  readonly leafWeight?: number;
  /** Ridge on the leaves' values. */
  readonly ridge?: number;
  /** Share of the rows, and of the columns, that a tree sees. */
  readonly rowShare?: number;
  readonly columnShare?: number;
  readonly seed: number;
}

/** A tree as flat lists; a node whose `column` is -1 is a leaf. A row goes left when its bin is at most `bin`. */
interface Tree {
  readonly column: number[];
  readonly bin: number[];
  readonly left: number[];
  readonly right: number[];
  readonly value: number[];
}

const BINS = 256;
const NO_BINS = new Uint8Array();

/** What all trees are grown from. */
interface Ground {
  readonly binned: readonly Uint8Array[];
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly options: Required<BoostingOptions>;
}

/** Sums of gradient and hessian by column and bin: bin b of column c stands at 256 c + b. */
interface Histogram {
  readonly g: Float64Array;
  readonly h: Float64Array;
}

/**
 * Gradient boosting of trees for two classes.
 *
 * Method: second-order boosting of the logistic loss; each column is cut into at most 256 bins and splits
 * are found on histograms of the bins; every tree sees a random share of rows and columns.
 *
 * Own code because what the registry offers does not serve: `ml-xgboost` is a WebAssembly build of XGBoost of 2018 that
 * has not been rebuilt since, `decision-tree` answers a class instead of a probability, `ml-cart` and
 * `ml-random-forest` look at every value of every column in every node (quadratic in the rows), and `catboost` only
 * applies models that were trained elsewhere.
 *
 * Sources: Friedman (2001), "Greedy Function Approximation"; Chen and Guestrin (2016), "XGBoost"; Ke et al. (2017),
 * "LightGBM" (histograms).
 *
 * @param rows one list of finite numbers per observation, all of one length
 * @returns undefined when one class only is there
 */
export function fitBoostedTrees(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  given: BoostingOptions,
): BoostedTrees | undefined {
  const options = {
    trees: 200,
    learningRate: 0.05,
    depth: 4,
    leafWeight: 1,
    ridge: 1,
    rowShare: 0.7,
    columnShare: 0.7,
    ...given,
  };
  const positives = labels.filter(Boolean).length;
  if (positives === 0 || positives === rows.length) return undefined;
  const bins = binColumns(rows);
  // Row by row, for walking down the trees; column by column is for counting.
  const width = bins.binned.length;
  const byRow = new Uint8Array(rows.length * width);
  bins.binned.forEach((column, c) => {
    for (let i = 0; i < rows.length; i++) byRow[i * width + c] = column[i] ?? 0;
  });
  const random = new Random(options.seed);
  const start = Math.log(positives / (rows.length - positives));
  const scores = new Float64Array(rows.length).fill(start);
  const gradient = new Float64Array(rows.length);
  const hessian = new Float64Array(rows.length);
  const trees: Tree[] = [];
  for (let t = 0; t < options.trees; t++) {
    for (let i = 0; i < rows.length; i++) {
      const p = 1 / (1 + Math.exp(-(scores[i] ?? 0)));
      gradient[i] = (labels[i] ? 1 : 0) - p;
      hessian[i] = p * (1 - p);
    }
    const picked = drawn(rows.length, options.rowShare, random);
    const columns = [...bins.cuts.keys()].filter(() => random.random() < options.columnShare);
    const tree = growTree(picked, columns, { binned: bins.binned, gradient, hessian, options });
    for (let i = 0; i < rows.length; i++) scores[i] = (scores[i] ?? 0) + leafOf(tree, byRow, i * width);
    trees.push(tree);
  }
  return {
    logOdds(row) {
      const binned = Uint8Array.from(bins.cuts, (cuts, c) => binOf(cuts, row[c] ?? 0));
      return trees.reduce((sum, tree) => sum + leafOf(tree, binned, 0), start);
    },
  };
}

/** Each of 0 … n-1 with the given chance. */
function drawn(n: number, share: number, random: Random): Uint32Array {
  const picked = new Uint32Array(n);
  let size = 0;
  for (let i = 0; i < n; i++) if (random.random() < share) picked[size++] = i;
  return picked.subarray(0, size);
}

/** Value of the leaf of the row whose bins begin at `start`. */
function leafOf({ column, bin, left, right, value }: Tree, bins: Uint8Array, start: number): number {
  let node = 0;
  let at = column[0] ?? -1;
  while (at >= 0) {
    node = ((bins[start + at] ?? 0) <= (bin[node] ?? 0) ? left[node] : right[node]) ?? 0;
    at = column[node] ?? -1;
  }
  return value[node] ?? 0;
}

function growTree(rows: Uint32Array, columns: readonly number[], ground: Ground): Tree {
  const tree: Tree = { column: [], bin: [], left: [], right: [], value: [] };
  addNode(tree, rows, columns, 0, ground, histogram(rows, columns, ground));
  return tree;
}

/** Adds the node of `rows` and what is below it; its number. `sums` is the histogram of `rows`. */
function addNode(
  tree: Tree,
  rows: Uint32Array,
  columns: readonly number[],
  depth: number,
  ground: Ground,
  sums: Histogram | undefined,
): number {
  const { gradient, hessian, options } = ground;
  let g = 0;
  let h = 0;
  for (const row of rows) {
    g += gradient[row] ?? 0;
    h += hessian[row] ?? 0;
  }
  const node = tree.column.length;
  tree.column.push(-1);
  tree.bin.push(0);
  tree.left.push(0);
  tree.right.push(0);
  tree.value.push((options.learningRate * g) / (h + options.ridge));
  const split = sums === undefined ? undefined : bestSplit(sums, columns, g, h, options);
  if (sums === undefined || split === undefined) return node;
  const [left, right] = parted(rows, ground.binned[split.column] ?? NO_BINS, split.bin);
  // The smaller side is counted; the other is what remains of the parent.
  const [small, isLeft] = left.length < right.length ? [left, true] : [right, false];
  const deeper = depth + 1 < options.depth;
  const counted = deeper ? histogram(small, columns, ground) : undefined;
  const remaining = counted === undefined ? undefined : without(sums, counted);
  tree.column[node] = split.column;
  tree.bin[node] = split.bin;
  tree.left[node] = addNode(tree, left, columns, depth + 1, ground, isLeft ? counted : remaining);
  tree.right[node] = addNode(tree, right, columns, depth + 1, ground, isLeft ? remaining : counted);
  return node;
}

function histogram(rows: Uint32Array, columns: readonly number[], ground: Ground): Histogram {
  const { binned, gradient, hessian } = ground;
  const g = new Float64Array(BINS * binned.length);
  const h = new Float64Array(BINS * binned.length);
  for (const column of columns) {
    const bins = binned[column] ?? NO_BINS;
    const start = column * BINS;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const place = start + (bins[row] ?? 0);
      g[place] = (g[place] ?? 0) + (gradient[row] ?? 0);
      h[place] = (h[place] ?? 0) + (hessian[row] ?? 0);
    }
  }
  return { g, h };
}

/** Rows up to `bin` and rows above, each in order. One buffer filled from both ends: rows are copied once. */
function parted(rows: Uint32Array, bins: Uint8Array, bin: number): [Uint32Array, Uint32Array] {
  const buffer = new Uint32Array(rows.length);
  let low = 0;
  let high = rows.length;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    if ((bins[row] ?? 0) <= bin) buffer[low++] = row;
    else buffer[--high] = row;
  }
  return [buffer.subarray(0, low), buffer.subarray(high).reverse()];
}

function without(whole: Histogram, part: Histogram): Histogram {
  const g = new Float64Array(whole.g);
  const h = new Float64Array(whole.h);
  for (let place = 0; place < g.length; place++) {
    g[place] = (g[place] ?? 0) - (part.g[place] ?? 0);
    h[place] = (h[place] ?? 0) - (part.h[place] ?? 0);
  }
  return { g, h };
}

function bestSplit(
  sums: Histogram,
  columns: readonly number[],
  g: number,
  h: number,
  { ridge, leafWeight }: Required<BoostingOptions>,
): { column: number; bin: number } | undefined {
  const whole = (g * g) / (h + ridge);
  let best: { column: number; bin: number } | undefined;
  let bestGain = 1e-6;
  for (const column of columns) {
    let leftG = 0;
    let leftH = 0;
    for (let bin = 0; bin < BINS - 1; bin++) {
      leftG += sums.g[column * BINS + bin] ?? 0;
      leftH += sums.h[column * BINS + bin] ?? 0;
      const rightH = h - leftH;
      if (leftH < leafWeight || rightH < leafWeight) continue;
      const gain = (leftG * leftG) / (leftH + ridge) + (g - leftG) ** 2 / (rightH + ridge) - whole;
      if (gain > bestGain) {
        bestGain = gain;
        best = { column, bin };
      }
    }
  }
  return best;
}
