import type { FoundVideo } from "@penstock/contracts";

/** What a query found. */
export interface KeptVideos {
  /** The most relevant first. */
  readonly videos: readonly FoundVideo[];
  /** Whether their counts could be had. */
  readonly statistics: boolean;
}

/** What YouTube answered lately: a search costs a hundredth of a day's quota, for everybody together. */
export interface VideoCache {
  /** What an equal query found, unless that is too long ago. */
  find(query: string, now: Date): Promise<KeptVideos | undefined>;
  /** Until a moment, for everybody who asks the same. */
  keep(query: string, found: KeptVideos, until: Date): Promise<void>;
  /** Whether today's quota is known to be spent. */
  quotaSpent(now: Date): Promise<boolean>;
  /** Notes that it is, until the next midnight of Los Angeles. */
  spendQuota(now: Date): Promise<void>;
}
