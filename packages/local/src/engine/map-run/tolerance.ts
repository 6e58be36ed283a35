/** When a Map Run has failed too often; without either, one failure is too many. */
export interface Tolerance {
  readonly count: number | undefined;
  /** From 0 to 100, of the items. */
  readonly percentage: number | undefined;
}

/**
 * Whether so many items that failed are too many.
 * @param total how many items there are; undefined while nobody knows, when no percentage can be exceeded
 */
export function exceeds(
  { count, percentage }: Tolerance,
  failedItems: number,
  total: number | undefined,
): boolean {
  if (failedItems === 0) return false;
  if (count === undefined && percentage === undefined) return true;
  if (count !== undefined && failedItems > count) return true;
  return percentage !== undefined && total !== undefined && (failedItems / total) * 100 > percentage;
}
