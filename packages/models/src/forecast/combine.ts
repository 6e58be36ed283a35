import { type Combined, combined, type Forecasts } from "./members.ts";

/** How far each method is believed; the present ones sum to 1. */
export type Weights = Readonly<Partial<Record<Combined, number>>>;

/** One forecast out of several, and the variance of its errors: what a model expects, and how far models differ. */
export function combine(
  { paths, variance }: Forecasts,
  weights: Weights,
): { mean: Float64Array; variance: Float64Array } {
  const members = combined.flatMap((name) => {
    const [path, weight] = [paths[name], weights[name]];
    return path === undefined || weight === undefined ? [] : [{ path, weight }];
  });
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const mean = variance.map((_, h) =>
    members.reduce((sum, { path, weight }) => sum + ((path[h] ?? 0) * weight) / total, 0),
  );
  return {
    mean,
    variance: variance.map((own, h) =>
      members.reduce(
        (sum, { path, weight }) => sum + ((path[h] ?? 0) - (mean[h] ?? 0)) ** 2 * (weight / total),
        own,
      ),
    ),
  };
}
