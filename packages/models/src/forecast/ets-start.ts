import type { EtsState } from "./ets-filter.ts";
import type { EtsForm } from "./ets-form.ts";
import { seasonIndices } from "./season-indices.ts";

/**
 * Where smoothing starts before it is optimised: seasons by classical decomposition, level and growth by a straight
 * line through the first two periods (at least ten values) without their season. Hyndman et al. (2008), section 2.6.1.
 */
export function startState(form: EtsForm, values: Float64Array, period: number): EtsState {
  const additive = form.season === "A";
  const seasons =
    form.season === "N"
      ? new Float64Array()
      : seasonIndices(values, period, additive ? "additive" : "multiplicative");
  const adjusted = values.slice(0, Math.max(10, 2 * period)).map((value, t) => {
    const effect = seasons[t % Math.max(1, seasons.length)];
    return effect === undefined ? value : additive ? value - effect : value / effect;
  });
  const { intercept, slope } = line(adjusted);
  const mean = adjusted.reduce((sum, one) => sum + one, 0) / adjusted.length;
  if (form.trend === "N") return { level: mean, growth: 0, seasons };
  if (form.trend === "A") return { level: intercept, growth: slope, seasons };
  const level = intercept > 0.05 * mean ? intercept : mean;
  return { level, growth: Math.min(1.2, Math.max(0.8, 1 + slope / level)), seasons };
}

/** Least squares over t = 1, 2, …; the intercept is the value at t = 0. */
function line(values: Float64Array): { intercept: number; slope: number } {
  const middle = (values.length + 1) / 2;
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  let [up, across] = [0, 0];
  values.forEach((value, i) => {
    up += (i + 1 - middle) * (value - mean);
    across += (i + 1 - middle) ** 2;
  });
  const slope = across > 0 ? up / across : 0;
  return { intercept: mean - slope * middle, slope };
}
