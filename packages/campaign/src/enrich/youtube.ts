/** A video as YouTube's search gives it, of what is read of it. Nothing of it is cleaned. */
export interface SearchedVideo {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly channel: string;
  /** ISO 8601. */
  readonly publishedAt: string;
  readonly thumbnailUrl: string;
}

/** What is counted of a video. What its owner hides counts 0. */
export interface VideoCounts {
  readonly views: number;
  readonly likes: number;
  readonly comments: number;
}

/** Why YouTube did not answer a question. None of them fails a campaign. */
export type YoutubeRefusal = "no_key" | "quota_exhausted" | "unavailable";

/** YouTube's answer, or why there is none. What YouTube says in its errors goes nowhere. */
export type YoutubeAnswer<Found> = { readonly found: Found } | { readonly refused: YoutubeRefusal };

/** The two questions to YouTube. A project has 100 searches a day, and 10,000 units, of which 50 videos' statistics take one. */
export interface Youtube {
  search(query: string, most: number): Promise<YoutubeAnswer<readonly SearchedVideo[]>>;
  /** By the video's id, in one request. Videos that are gone are missing. */
  counts(ids: readonly string[]): Promise<YoutubeAnswer<ReadonlyMap<string, VideoCounts>>>;
}
