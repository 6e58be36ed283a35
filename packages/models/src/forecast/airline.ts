import { minimise } from "../optimise/bfgs.ts";

/** Moving-average weights stay within this of 0, where the model can be inverted. */
const MOST = 0.99;

/**
 * Box and Jenkins' airline model, ARIMA (0,1,1)(0,1,1): differences to the period before and to the season before, each
 * with a moving average, by conditional least squares; on logarithms where all values are above 0.
 * G. Box, G. Jenkins, "Time Series Analysis: Forecasting and Control" (1970), chapter 9.
 *
 * @param values no gaps
 * @param period above 1
 * @returns point forecasts, or undefined for fewer than two periods and two values
 */
export function airlineForecast(
  values: Float64Array,
  period: number,
  horizon: number,
): Float64Array | undefined {
  const size = values.length;
  if (period < 2 || size < 2 * period + 2) return undefined;
  const positive = values.every((one) => one > 0);
  const series = positive ? values.map((one) => Math.log(one)) : values;
  const errors = new Float64Array(size);
  const residuals = ([near, far]: readonly [number, number]) => {
    let sum = 0;
    for (let t = period + 1; t < size; t++) {
      const error =
        at(series, t) -
        expected(series, period, t) +
        near * at(errors, t - 1) +
        far * at(errors, t - period) -
        near * far * at(errors, t - period - 1);
      errors[t] = error;
      sum += error * error;
    }
    return sum;
  };
  const read = (point: Float64Array): readonly [number, number] => [
    MOST * Math.tanh(point[0] ?? 0),
    MOST * Math.tanh(point[1] ?? 0),
  ];
  const objective = (point: Float64Array) => size * Math.log(Math.max(residuals(read(point)), 1e-300));
  const { at: found } = minimise(objective, Float64Array.of(0.4, 0.5), { maxSteps: 50, tolerance: 1e-9 });
  const [near, far] = read(found);
  residuals([near, far]);
  const longer = new Float64Array(size + horizon);
  longer.set(series);
  const known = new Float64Array(size + horizon);
  known.set(errors);
  for (let t = size; t < longer.length; t++) {
    const averages =
      near * at(known, t - 1) + far * at(known, t - period) - near * far * at(known, t - period - 1);
    longer[t] = expected(longer, period, t) - averages;
  }
  return longer.slice(size).map((one) => (positive ? Math.exp(one) : one));
}

/** The last value, moved as the season moved a period before. */
function expected(series: Float64Array, period: number, t: number): number {
  return at(series, t - 1) + at(series, t - period) - at(series, t - period - 1);
}

function at(series: Float64Array, t: number): number {
  return series[t] ?? 0;
}
