import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** A fitted logistic regression over columns in their own units. */
export interface LogisticModel {
  readonly intercept: number;
  /** Change of the log-odds for one unit of each column. */
  readonly weights: readonly number[];
  /** Mean of each column over the rows that it was fitted on: reasons are counted from here. */
  readonly means: readonly number[];
}

/** Newton's method meets this bound in under ten steps where there is a maximum; the ridge makes one. */
const MAX_STEPS = 50;
const TOLERANCE = 1e-8;

/**
 * Logistic regression with a ridge penalty, by maximum likelihood.
 *
 * Method: Newton's method (iteratively reweighted least squares) on standardised columns, each step halved until the
 * penalised likelihood rises; the intercept is not penalised. The penalty is `ridge`/2 × the sum of the squared weights
 * of the standardised columns, so that columns which repeat each other (one-hot groups) share their weight instead of
 * failing, and classes that can be told apart perfectly get finite weights.
 *
 * Not `ml-logistic-regression`: it has no intercept, no penalty, and takes 50,000 steps of one fixed length with no
 * sign of whether they arrived.
 *
 * Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2nd ed.), 4.4.1 and 18.4.
 *
 * @param rows one list of finite numbers per observation, all of one length
 * @param labels true for the class whose probability is wanted
 * @returns undefined when one class only is there, or when the steps do not converge
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  { ridge = 1 }: { readonly ridge?: number } = {},
): LogisticModel | undefined {
  const positives = labels.filter(Boolean).length;
  if (positives === 0 || positives === rows.length) return undefined;
  const { means, deviations } = moments(rows);
  const columns = means.length;
  const X = rows.map((row) => row.map((value, c) => (value - at(means, c)) / at(deviations, c)));
  let beta = [Math.log(positives / (rows.length - positives)), ...new Array<number>(columns).fill(0)];
  let likelihood = penalised(X, labels, beta, ridge);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, information } = derivatives(X, labels, beta, ridge);
    const cholesky = new CholeskyDecomposition(information);
    if (!cholesky.isPositiveDefinite()) return undefined;
    const direction = cholesky.solve(Matrix.columnVector(gradient)).to1DArray();
    let length = 1;
    let next = beta;
    let reached = Number.NEGATIVE_INFINITY;
    while (length > TOLERANCE) {
      next = beta.map((value, c) => value + length * at(direction, c));
      reached = penalised(X, labels, next, ridge);
      if (reached >= likelihood) break;
      length /= 2;
    }
    if (!(reached >= likelihood) || reached - likelihood < TOLERANCE * (Math.abs(likelihood) + 1)) {
      return inOwnUnits(reached >= likelihood ? next : beta, means, deviations);
    }
    beta = next;
    likelihood = reached;
  }
  return undefined;
}

/** Log-odds of one row. */
export function logOdds(model: LogisticModel, row: readonly number[]): number {
  let sum = model.intercept;
  for (let c = 0; c < model.weights.length; c++) sum += at(model.weights, c) * at(row, c);
  return sum;
}

/** 1 / (1 + e^-x), from 0 to 1 for every finite x. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function inOwnUnits(
  beta: readonly number[],
  means: readonly number[],
  deviations: readonly number[],
): LogisticModel | undefined {
  const weights = means.map((_, c) => at(beta, c + 1) / at(deviations, c));
  const intercept = means.reduce((sum, mean, c) => sum - mean * at(weights, c), at(beta, 0));
  return [intercept, ...weights].every(Number.isFinite) ? { intercept, weights, means } : undefined;
}

function moments(rows: readonly (readonly number[])[]): { means: number[]; deviations: number[] } {
  const columns = rows[0]?.length ?? 0;
  const means = new Array<number>(columns).fill(0);
  const deviations = new Array<number>(columns).fill(0);
  for (const row of rows)
    for (let c = 0; c < columns; c++) means[c] = at(means, c) + at(row, c) / rows.length;
  for (const row of rows) {
    for (let c = 0; c < columns; c++) {
      deviations[c] = at(deviations, c) + (at(row, c) - at(means, c)) ** 2 / rows.length;
    }
  }
  // A column that never changes says nothing; divided by 1 it becomes zeros and the penalty keeps its weight at 0.
  return {
    means,
    deviations: deviations.map((variance) => (variance > 1e-24 ? Math.sqrt(variance) : 1)),
  };
}

function linear(row: readonly number[], beta: readonly number[]): number {
  let sum = at(beta, 0);
  for (let c = 0; c < row.length; c++) sum += at(row, c) * at(beta, c + 1);
  return sum;
}

/** log(1 + e^z) without overflow. */
function softplus(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
}

function penalised(
  X: readonly (readonly number[])[],
  labels: readonly boolean[],
  beta: readonly number[],
  ridge: number,
): number {
  let sum = 0;
  X.forEach((row, i) => {
    const z = linear(row, beta);
    sum += (labels[i] ? z : 0) - softplus(z);
  });
  for (let c = 1; c < beta.length; c++) sum -= (ridge / 2) * at(beta, c) ** 2;
  return sum;
}

function derivatives(
  X: readonly (readonly number[])[],
  labels: readonly boolean[],
  beta: readonly number[],
  ridge: number,
): { gradient: number[]; information: Matrix } {
  const size = beta.length;
  const gradient = new Array<number>(size).fill(0);
  const half = new Float64Array(size * size);
  const extended = new Float64Array(size);
  extended[0] = 1;
  X.forEach((row, i) => {
    for (let c = 0; c < row.length; c++) extended[c + 1] = at(row, c);
    const p = sigmoid(linear(row, beta));
    const error = (labels[i] ? 1 : 0) - p;
    const weight = p * (1 - p);
    for (let a = 0; a < size; a++) {
      const value = extended[a] ?? 0;
      gradient[a] = at(gradient, a) + error * value;
      const scaled = weight * value;
      if (scaled === 0) continue;
      for (let b = 0; b <= a; b++)
        half[a * size + b] = (half[a * size + b] ?? 0) + scaled * (extended[b] ?? 0);
    }
  });
  const information = Matrix.zeros(size, size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const value = half[a * size + b] ?? 0;
      information.set(a, b, value);
      information.set(b, a, value);
    }
  }
  for (let c = 1; c < size; c++) {
    gradient[c] = at(gradient, c) - ridge * at(beta, c);
    information.set(c, c, information.get(c, c) + ridge);
  }
  // So small that it changes nothing, yet a likelihood that is flat in the intercept does not stop the step.
  information.set(0, 0, information.get(0, 0) + 1e-9);
  return { gradient, information };
}

/** The element at `index`, which the caller knows to be there. */
function at(list: readonly number[], index: number): number {
  return list[index] ?? 0;
}
