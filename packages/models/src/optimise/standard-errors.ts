import { inverse, Matrix } from "ml-matrix";

/** Relative step of a second difference: about the fourth root of ε. */
const STEP = 1e-4;

/**
 * Standard errors of parameters that were fitted as their logarithms: the inverse of the Hessian (second differences)
 * of the negative log-likelihood, carried to the parameters by the delta method.
 *
 * @returns null where the Hessian is not positive definite, so that the curvature tells nothing
 */
export function standardErrorsOfLogs(
  negativeLogLikelihood: (logs: Float64Array) => number,
  at: Float64Array,
): number[] | null {
  const size = at.length;
  const moved = (i: number, di: number, j: number, dj: number) => {
    const point = Float64Array.from(at);
    point[i] = (point[i] ?? 0) + di * STEP;
    point[j] = (point[j] ?? 0) + dj * STEP;
    return negativeLogLikelihood(point);
  };
  const hessian = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const mixed =
        (moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) /
        (4 * STEP * STEP);
      if (!Number.isFinite(mixed)) return null;
      hessian.set(i, j, mixed);
      hessian.set(j, i, mixed);
    }
  }
  try {
    const variances = inverse(hessian).diagonal();
    if (!variances.every((one) => Number.isFinite(one) && one > 0)) return null;
    return variances.map((variance, i) => Math.sqrt(variance) * Math.exp(at[i] ?? 0));
  } catch {
    return null; // singular
  }
}
