import { fitEts } from "./ets-fit.ts";
import { etsForecast } from "./ets-filter.ts";
import { isSeasonal, seasonIndices } from "./season-indices.ts";

const SMOOTHING = { error: "A", trend: "N", damped: false, season: "N" } as const;

/**
 * The Theta method: the series without its season is forecast by simple exponential smoothing with half the slope of
 * its straight line as drift, and the season is put back. V. Assimakopoulos, K. Nikolopoulos, "The theta model",
 * International Journal of Forecasting 16 (2000), in the form of R. Hyndman, B. Billah, "Unmasking the Theta method",
 * International Journal of Forecasting 19 (2003). The season is a factor where all values are above 0, else a term.
 *
 * @returns point forecasts, or undefined for a series too short to smooth (5 values)
 */
export function thetaForecast(
  values: Float64Array,
  period: number,
  horizon: number,
): Float64Array | undefined {
  const seasonal = isSeasonal(values, period);
  const kind = values.every((one) => one > 0) ? "multiplicative" : "additive";
  const indices = seasonal ? seasonIndices(values, period, kind) : undefined;
  const effect = (t: number) => indices?.[t % period] ?? (kind === "additive" ? 0 : 1);
  const adjusted = values.map((value, t) => (kind === "additive" ? value - effect(t) : value / effect(t)));
  const fit = fitEts(SMOOTHING, adjusted, 1, { effort: 50 });
  if (fit === undefined) return undefined;
  const { alpha } = fit.weights;
  const size = values.length;
  const drift = slope(adjusted) / 2;
  const behind = (1 - (1 - alpha) ** size) / alpha;
  return etsForecast(SMOOTHING, fit.weights, fit.end, horizon).map((level, h) => {
    const line = level + drift * (h + behind);
    return kind === "additive" ? line + effect(size + h) : line * effect(size + h);
  });
}

/** Slope of the least-squares line through the values, per period. */
function slope(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  let [up, across] = [0, 0];
  values.forEach((value, t) => {
    up += (t - middle) * value;
    across += (t - middle) ** 2;
  });
  return across > 0 ? up / across : 0;
}
