/** Quantile of numbers in rising order by linear interpolation, `share` from 0 to 1; 0 of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * Math.max(0, sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
