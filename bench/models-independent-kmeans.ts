/**
 * k-means written a second time, to hold the first against: nothing of it is shared with the package or its library.
 * MacQueen's order of work is not used either; every pass assigns all points, then moves all centres (Lloyd 1982).
 *
 * @returns the group of each point
 */
export function independentKmeans(
  points: readonly (readonly number[])[],
  start: readonly (readonly number[])[],
): number[] {
  const size = start[0]?.length ?? 0;
  let centres = start.map((centre) => Float64Array.from(centre));
  let labels = new Int32Array(points.length).fill(-1);
  for (let pass = 0; pass < 1_000; pass++) {
    const next = Int32Array.from(points, (point) => {
      const distances = centres.map((centre) =>
        Math.hypot(...point.map((value, c) => value - (centre[c] ?? 0))),
      );
      return distances.indexOf(Math.min(...distances));
    });
    const isSettled = next.every((label, i) => label === labels[i]);
    labels = next;
    if (isSettled) break;
    centres = centres.map((centre, label) => {
      const own = points.filter((_, i) => labels[i] === label);
      if (own.length === 0) return centre;
      return Float64Array.from({ length: size }, (_, c) => {
        return own.reduce((sum, point) => sum + (point[c] ?? 0), 0) / own.length;
      });
    });
  }
  return [...labels];
}
