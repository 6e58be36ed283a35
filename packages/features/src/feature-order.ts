/** When features are of, when their raw objects were looked at, and which attempt made them. */
export interface Computed {
  readonly as_of: string;
  readonly planned_at: string;
  readonly attempt: string;
}

/**
 * Whether features take the place of others, wherever one of the two is to be the latest: those of a later day do, and of
 * the same day those of the later look at its raw objects. An attempt that is redriven keeps its look, so that it never
 * takes the place of one that was planned after it. Between two of the same millisecond names decide: everybody alike.
 */
export function isLater(one: Computed, other: Computed): boolean {
  const ahead =
    Date.parse(one.as_of) - Date.parse(other.as_of) ||
    Date.parse(one.planned_at) - Date.parse(other.planned_at);
  return ahead === 0 ? one.attempt > other.attempt : ahead > 0;
}
