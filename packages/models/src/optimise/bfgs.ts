/** A minimum as far as it was found. */
export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  /** False when the steps ran out before the gradient or the decrease was small enough. */
  readonly converged: boolean;
}

/** The function to minimise; it may write its derivatives to `slope`. */
export type Objective = (at: Float64Array, slope?: Float64Array) => number;

/** Step of a difference quotient, relative: about √ε forward and ∛ε central, where rounding and curvature balance. */
const FORWARD_STEP = 1e-7;
const CENTRAL_STEP = 6e-6;
/** Sufficient decrease of a line search (Armijo), as in Nocedal & Wright. */
const SUFFICIENT = 1e-4;

/**
 * Minimises a smooth function without constraints by BFGS. Without a given slope it takes difference quotients: forward
 * ones while they lead down, then central ones, which see a flatter valley. Where the function is not finite, a step is
 * cut back. Deterministic. J. Nocedal, S. Wright, "Numerical Optimization", 2nd ed. (2006), chapters 3, 6 and 8.
 *
 * @param objective finite at `start`; constraints are the caller's to build in (a logistic or exponential map); with
 *   `slope: "given"` it writes its derivatives to the second argument when there is one
 * @param tolerance stop when a step lowers the value by less, relative to the value
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  {
    maxSteps,
    tolerance,
    slope: known,
  }: { readonly maxSteps: number; readonly tolerance: number; readonly slope?: "given" },
): Minimum {
  const size = start.length;
  let at: Float64Array = Float64Array.from(start);
  let value = objective(at);
  let central = false;
  const inverse = new Float64Array(size * size);
  resetToIdentity(inverse, size);
  const slopeAt = (place: Float64Array, height: number) => {
    if (known !== "given") return slope(objective, place, height, central);
    const given = new Float64Array(size);
    objective(place, given);
    return given;
  };
  let gradient = slopeAt(at, value);
  for (let step = 0; step < maxSteps; step++) {
    let direction = negatedProduct(inverse, gradient, size);
    let descent = dot(direction, gradient);
    if (!(descent < 0)) {
      resetToIdentity(inverse, size);
      direction = gradient.map((one) => -one);
      descent = dot(direction, gradient);
    }
    const next = lineSearch(objective, at, value, direction, descent);
    const small = next === undefined || value - next.value <= tolerance * (Math.abs(value) + tolerance);
    if (small && (central || known === "given")) return { ...(next ?? { at, value }), converged: true };
    if (small) {
      central = true;
      resetToIdentity(inverse, size);
      if (next !== undefined) ({ at, value } = next);
      gradient = slopeAt(at, value);
      continue;
    }
    const turned = slopeAt(next.at, next.value);
    update(inverse, size, difference(next.at, at), difference(turned, gradient), step === 0);
    ({ at, value } = next);
    gradient = turned;
  }
  return { at, value, converged: false };
}

function slope(objective: Objective, at: Float64Array, value: number, central: boolean): Float64Array {
  const gradient = new Float64Array(at.length);
  const moved = Float64Array.from(at);
  for (let i = 0; i < at.length; i++) {
    const here = at[i] ?? 0;
    const width = (central ? CENTRAL_STEP : FORWARD_STEP) * Math.max(1, Math.abs(here));
    moved[i] = here + width;
    const above = objective(moved);
    if (central) {
      moved[i] = here - width;
      const below = objective(moved);
      gradient[i] = (above - below) / (2 * width);
    } else {
      gradient[i] = (above - value) / width;
    }
    if (!Number.isFinite(gradient[i])) gradient[i] = 0;
    moved[i] = here;
  }
  return gradient;
}

function lineSearch(
  objective: Objective,
  at: Float64Array,
  value: number,
  direction: Float64Array,
  descent: number,
): { at: Float64Array; value: number } | undefined {
  let length = 1 / Math.max(1, largest(direction) / 2);
  for (let halving = 0; halving < 30; halving++) {
    const tried = new Float64Array(at.length);
    for (let i = 0; i < at.length; i++) tried[i] = (at[i] ?? 0) + length * (direction[i] ?? 0);
    const reached = objective(tried);
    if (reached <= value + SUFFICIENT * length * descent) return { at: tried, value: reached };
    // The minimum of the parabola through what is known, kept within a tenth and a half of the step.
    const bent = (-descent * length) / (2 * ((reached - value) / length - descent));
    length *= Number.isFinite(bent) ? Math.min(0.5, Math.max(0.1, bent / length)) : 0.2;
  }
  return undefined;
}

/** The update of the inverse Hessian; skipped where the curvature along the step is not positive. */
function update(inverse: Float64Array, size: number, s: Float64Array, y: Float64Array, first: boolean): void {
  const curvature = dot(s, y);
  if (curvature <= 1e-12 * Math.sqrt(dot(s, s) * dot(y, y))) return;
  if (first) {
    const scale = curvature / dot(y, y);
    for (let i = 0; i < size; i++) inverse[i * size + i] = scale;
  }
  const hy = negatedProduct(inverse, y, size).map((one) => -one);
  const factor = (1 + dot(y, hy) / curvature) / curvature;
  for (let i = 0; i < size; i++) {
    const si = s[i] ?? 0;
    const hi = hy[i] ?? 0;
    for (let j = 0; j < size; j++) {
      const old = inverse[i * size + j] ?? 0;
      const sj = s[j] ?? 0;
      inverse[i * size + j] = old + factor * si * sj - (hi * sj + si * (hy[j] ?? 0)) / curvature;
    }
  }
}

/** −(matrix · vector). */
function negatedProduct(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (matrix[i * size + j] ?? 0) * (vector[j] ?? 0);
    result[i] = -sum;
  }
  return result;
}

function resetToIdentity(matrix: Float64Array, size: number): void {
  matrix.fill(0);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = (a[i] ?? 0) - (b[i] ?? 0);
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const one of vector) most = Math.max(most, Math.abs(one));
  return most;
}
