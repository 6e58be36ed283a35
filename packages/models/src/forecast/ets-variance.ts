import { etsForecast } from "./ets-filter.ts";
import type { EtsFit } from "./ets-fit.ts";

/**
 * The variances of the forecast errors of a fit at 1 … `horizon` periods ahead, its parameters taken as known: exact
 * for additive errors, and for multiplicative ones without a multiplicative season; else the usual approximation.
 * Hyndman et al. (2008), chapter 6, classes 1 to 3. Forms with a multiplicative trend are treated like additive ones.
 */
export function etsVariance({ form, period, weights, end, variance }: EtsFit, horizon: number): Float64Array {
  const { alpha, beta, gamma, phi } = weights;
  const squares = new Float64Array(horizon);
  let damped = 0;
  for (let j = 1; j < horizon; j++) {
    damped += form.damped ? phi ** (j - 1) : 1;
    const seasonal = form.season === "A" && j % period === 0 ? gamma : 0;
    squares[j] = (alpha + (form.trend === "N" ? 0 : beta * damped) + seasonal) ** 2;
  }
  if (form.error === "A") {
    let sum = 1;
    return squares.map((square) => {
      sum += square;
      return variance * sum;
    });
  }
  const season = form.season === "M" ? "N" : form.season;
  const base = etsForecast({ ...form, season }, weights, end, horizon);
  const theta = new Float64Array(horizon);
  return base.map((mean, h) => {
    let sum = mean * mean;
    for (let j = 1; j <= h; j++) sum += variance * (squares[j] ?? 0) * (theta[h - j] ?? 0);
    theta[h] = sum;
    if (form.season !== "M") return (1 + variance) * sum - mean * mean;
    const cycles = (1 + gamma * gamma * variance) ** Math.floor(h / period);
    return ((1 + variance) * cycles * sum - mean * mean) * (end.seasons[h % period] ?? 1) ** 2;
  });
}
