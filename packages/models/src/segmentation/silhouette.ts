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
  const size = points[0]?.length ?? 0;
  const flat = Float64Array.from(points.flat());
  const sums = new Float64Array(clusters);
  let total = 0;
  for (let i = 0; i < points.length; i++) {
    const own = labels[i] ?? 0;
    const others = (sizes[own] ?? 0) - 1;
    if (others === 0) continue;
    sums.fill(0);
    for (let j = 0; j < points.length; j++) {
      const label = labels[j] ?? 0;
      sums[label] = (sums[label] ?? 0) + distance(flat, size, i, j);
    }
    const within = (sums[own] ?? 0) / others;
    let nearest = Number.POSITIVE_INFINITY;
    for (let label = 0; label < clusters; label++) {
      const count = sizes[label] ?? 0;
      if (label !== own && count > 0) nearest = Math.min(nearest, (sums[label] ?? 0) / count);
    }
    const wider = Math.max(within, nearest);
    if (wider > 0) total += (nearest - within) / wider;
  }
  return total / points.length;
}

function distance(flat: Float64Array, size: number, i: number, j: number): number {
  let sum = 0;
  for (let c = 0; c < size; c++) {
    const apart = (flat[i * size + c] ?? 0) - (flat[j * size + c] ?? 0);
    sum += apart * apart;
  }
  return Math.sqrt(sum);
}
