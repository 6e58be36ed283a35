/**
 * Mean silhouette of a clustering, in [-1, 1]: how much nearer points are to their own cluster than to the next one.
 * A point alone in its cluster counts 0. All pairs are looked at: hand in a sample of a few thousand.
 *
 * Source: Rousseeuw (1987), "Silhouettes".
 *
 * @returns undefined for fewer than two clusters
 */
export function meanSilhouette(
  points: readonly (readonly number[])[],
  labels: readonly number[],
): number | undefined {
  const clusters = Math.max(-1, ...labels) + 1;
  const sizes = new Array<number>(clusters).fill(0);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  if (sizes.filter((size) => size > 0).length < 2) return undefined;
  let total = 0;
  points.forEach((point, i) => {
    const own = labels[i] ?? 0;
    const ownSize = sizes[own] ?? 0;
    if (ownSize <= 1) return;
    const sums = new Array<number>(clusters).fill(0);
    points.forEach((other, j) => {
      const label = labels[j] ?? 0;
      sums[label] = (sums[label] ?? 0) + distance(point, other);
    });
    const within = (sums[own] ?? 0) / (ownSize - 1);
    let nearest = Number.POSITIVE_INFINITY;
    sums.forEach((sum, label) => {
      const size = sizes[label] ?? 0;
      if (label !== own && size > 0) nearest = Math.min(nearest, sum / size);
    });
    const wider = Math.max(within, nearest);
    if (wider > 0) total += (nearest - within) / wider;
  });
  return total / points.length;
}

function distance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += ((a[c] ?? 0) - (b[c] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
