/**
 * The forecast that others have to beat: the value of the same season before (of the period before, for period 1), and
 * the variance of its errors, that of the seasonal differences for each season ahead.
 *
 * @returns undefined for less than one period and two values
 */
export function seasonalNaive(
  values: Float64Array,
  period: number,
  horizon: number,
): { mean: Float64Array; variance: Float64Array } | undefined {
  const size = values.length;
  if (size < period + 2) return undefined;
  let sum = 0;
  for (let t = period; t < size; t++) sum += ((values[t] ?? 0) - (values[t - period] ?? 0)) ** 2;
  const variance = sum / (size - period);
  return {
    mean: new Float64Array(horizon).map((_, h) => values[size - period + (h % period)] ?? 0),
    variance: new Float64Array(horizon).map((_, h) => variance * (Math.floor(h / period) + 1)),
  };
}
