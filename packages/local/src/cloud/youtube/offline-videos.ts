import { createHash } from "node:crypto";

/** Who says so, in every answer: no video here was ever made. */
export const OFFLINE_CHANNEL = "Offline stand-in";
const ETAG = "offline";

/** Titles around what was asked for. Nothing of them is true of any product. */
const TITLES: readonly ((asked: string) => string)[] = [
  (asked) => `${asked}: honest thoughts after a month`,
  (asked) => `Is it worth it? ${asked}`,
  (asked) => `${asked} vs. the cheaper one`,
  (asked) => `Unboxing &amp; first look: ${asked}`,
  (asked) => `5 things I&#39;d like to have known about ${asked}`,
  (asked) => `${asked} (everyday use)`,
  () => "What people ask me most",
  (asked) => `${asked} | long-term test`,
  () => "My favourites of the season",
  (asked) => `How I use ${asked}`,
];

/** A number from a text, the same for the same text, below the bound. */
function draw(seed: string, below: number): number {
  return createHash("sha256").update(seed).digest().readUIntBE(0, 6) % below;
}

/** Eleven characters, as YouTube's ids have. */
function videoId(query: string, place: number): string {
  return createHash("sha256").update(`${query} ${place}`).digest("base64url").slice(0, 11);
}

/** As YouTube's search writes texts: as a page would have them. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const YEARS_MS = 4 * 365 * 24 * 60 * 60 * 1000;
/** Before this, all of them were published. */
const LATEST = Date.UTC(2026, 9, 1);

function thumbnails(id: string) {
  const sizes = { default: [120, 90], medium: [320, 180], high: [480, 360] } as const;
  const names = { default: "default", medium: "mqdefault", high: "hqdefault" } as const;
  const picture = (size: keyof typeof sizes) => {
    const [width, height] = sizes[size];
    return { url: `https://i.ytimg.com/vi/${id}/${names[size]}.jpg`, width, height };
  };
  return { default: picture("default"), medium: picture("medium"), high: picture("high") };
}

/**
 * A page of a search as YouTube would answer it; the same for the same query.
 * https://developers.google.com/youtube/v3/docs/search/list#response
 */
export function searchPage(query: string, most: number): object {
  const asked = escaped(query.replace(/\s+review$/i, ""));
  const items = TITLES.slice(0, most).map((title, place) => {
    const id = videoId(query, place);
    const publishedAt = new Date(LATEST - draw(`published ${id}`, YEARS_MS))
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
    return {
      kind: "youtube#searchResult",
      etag: ETAG,
      id: { kind: "youtube#video", videoId: id },
      snippet: {
        publishedAt,
        channelId: "UCofflineofflineofflineo",
        title: title(asked),
        description: `No video: the local cloud's stand-in for YouTube made this up for the query ${asked}.`,
        thumbnails: thumbnails(id),
        channelTitle: OFFLINE_CHANNEL,
        liveBroadcastContent: "none",
        publishTime: publishedAt,
      },
    };
  });
  return {
    kind: "youtube#searchListResponse",
    etag: ETAG,
    regionCode: "US",
    pageInfo: { totalResults: items.length, resultsPerPage: items.length },
    items,
  };
}

/**
 * Statistics of videos as YouTube would answer them, counts as texts; the same for the same id.
 * https://developers.google.com/youtube/v3/docs/videos/list#response
 */
export function statisticsPage(ids: readonly string[]): object {
  const items = ids.map((id) => {
    const viewCount = 10 ** (2 + draw(`power ${id}`, 4)) + draw(`views ${id}`, 900);
    const likeCount = Math.floor(viewCount / (12 + draw(`likes ${id}`, 60)));
    return {
      kind: "youtube#video",
      etag: ETAG,
      id,
      statistics: {
        viewCount: String(viewCount),
        likeCount: String(likeCount),
        favoriteCount: "0",
        commentCount: String(Math.floor(likeCount / (3 + draw(`comments ${id}`, 20)))),
      },
    };
  });
  return {
    kind: "youtube#videoListResponse",
    etag: ETAG,
    pageInfo: { totalResults: items.length, resultsPerPage: items.length },
    items,
  };
}
