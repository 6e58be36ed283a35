/** A clustering of some points is asked how well it separates them: their distances to each other, told once. */
export interface Silhouette {
  /**
   * Mean silhouette of a clustering, in [-1, 1]: how much nearer points are to their own cluster than to the next one. A
   * point alone in its cluster counts 0.
   *
   * @param labels the cluster of each point
   * @returns undefined for fewer than two clusters
   */
  mean(labels: readonly number[]): number | undefined;
}

/**
 * The silhouettes of clusterings of the same points. All pairs are looked at: hand in a sample of a thousand or two.
 *
 * Source: Rousseeuw (1987), "Silhouettes".
 */
export function silhouetteOf(points: readonly (readonly number[])[]): Silhouette {
  const n = points.length;
  const distances = distancesOf(points);
  return {
    mean(labels) {
      const clusters = Math.max(-1, ...labels) + 1;
      const sizes = new Array<number>(clusters).fill(0);
      for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
      if (sizes.filter((size) => size > 0).length < 2) return undefined;
      const sums = new Float64Array(clusters);
      let total = 0;
      for (let i = 0; i < n; i++) {
        const own = labels[i] ?? 0;
        const others = (sizes[own] ?? 0) - 1;
        if (others === 0) continue;
        sums.fill(0);
        for (let j = 0; j < n; j++) {
          const label = labels[j] ?? 0;
          sums[label] = (sums[label] ?? 0) + (distances[i * n + j] ?? 0);
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
      return total / n;
    },
  };
}

/** Euclidean, of each point (row) to each. */
function distancesOf(points: readonly (readonly number[])[]): Float64Array {
  const n = points.length;
  const size = points[0]?.length ?? 0;
  const flat = Float64Array.from(points.flat());
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      let sum = 0;
      for (let c = 0; c < size; c++) {
        const apart = (flat[i * size + c] ?? 0) - (flat[j * size + c] ?? 0);
        sum += apart * apart;
      }
      const distance = Math.sqrt(sum);
      distances[i * n + j] = distance;
      distances[j * n + i] = distance;
    }
  }
  return distances;
}
