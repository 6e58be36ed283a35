import type { VideoCounts } from "./youtube.ts";

/** Of 100, how much each part of the score counts. Written down in docs/architecture.md too. */
const TITLE = 40;
const VIEWS = 30;
const ENGAGEMENT = 20;
const RECENCY = 10;

/** In every query of ours, and in most titles: it tells nothing. */
const OWN_WORD = "review";
/** So many views, as a power of ten, count in full. */
const FULL_VIEWS = 7;
/** With fewer views than this, a few likes would be all the engagement there can be. */
const LEAST_VIEWS = 100;
/** A comment is more work than a like. */
const COMMENT = 2;
/** A tenth of the viewers who react counts in full. */
const FULL_ENGAGEMENT = 10;
/** Years after which what is new is half as new. */
const HALF_LIFE = 2;
const YEAR_MS = 365.25 * 24 * 60 * 60 * 1000;

/** What of a video its score is made of. */
export interface ScoredVideo {
  readonly title: string;
  readonly description: string;
  /** ISO 8601. */
  readonly publishedAt: string;
  readonly counts: VideoCounts;
}

/** How much a video has to do with a query and is worth looking at, 0 to 100; of no model. */
export function relevance(query: string, video: ScoredVideo, now: Date): number {
  const { views, likes, comments } = video.counts;
  const years = Math.max(0, now.getTime() - Date.parse(video.publishedAt)) / YEAR_MS;
  const engagement = (FULL_ENGAGEMENT * (likes + COMMENT * comments)) / Math.max(views, LEAST_VIEWS);
  return Math.round(
    TITLE * found(query, video) +
      VIEWS * Math.min(1, Math.log10(1 + views) / FULL_VIEWS) +
      ENGAGEMENT * Math.min(1, engagement) +
      RECENCY * 0.5 ** (years / HALF_LIFE),
  );
}

/** The share of the query's words that the title has; those that only the description has count half. */
function found(query: string, { title, description }: ScoredVideo): number {
  const asked = wordsOf(query);
  asked.delete(OWN_WORD);
  if (asked.size === 0) return 0;
  const inTitle = wordsOf(title);
  const inDescription = wordsOf(description);
  const counted = [...asked].map((word) => (inTitle.has(word) ? 1 : inDescription.has(word) ? 0.5 : 0));
  return counted.reduce((sum: number, each) => sum + each, 0) / asked.size;
}

function wordsOf(text: string): Set<string> {
  return new Set(
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [],
  );
}
