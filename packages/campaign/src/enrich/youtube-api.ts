import * as v from "valibot";
import type { SearchedVideo, VideoCounts, Youtube, YoutubeAnswer, YoutubeRefusal } from "./youtube.ts";

/** Answers larger than this are nobody's ten videos. */
const LARGEST = 1024 * 1024;

/** YouTube's reasons for having no units left today. */
const SPENT = new Set(["quotaExceeded", "dailyLimitExceeded"]);
/**
 * Searches have a quota of their own. Who has spent it gets the reason of those who ask too fast (`rateLimitExceeded`), for
 * whom it passes in a minute; the limit's name (`defaultSearchListPerDayPerProject`) and the message tell them apart.
 */
const OF_A_DAY = /per ?day/i;
/** Its reasons, and Google's, for not taking a key. */
const KEY = new Set([
  "keyInvalid",
  "keyExpired",
  "forbidden",
  "accessNotConfigured",
  "ipRefererBlocked",
  "API_KEY_INVALID",
  "API_KEY_SERVICE_BLOCKED",
  "API_KEY_HTTP_REFERRER_BLOCKED",
  "API_KEY_IP_ADDRESS_BLOCKED",
  "SERVICE_DISABLED",
]);

const text = v.optional(v.string(), "");

const FoundItem = v.object({
  id: v.object({ videoId: v.string() }),
  snippet: v.object({
    title: text,
    description: text,
    channelTitle: text,
    publishedAt: v.string(),
    thumbnails: v.optional(v.object({ default: v.optional(v.object({ url: text })) })),
  }),
});

/** Counts are texts there; one that its owner hides is missing. */
const count = v.optional(
  v.pipe(
    v.union([v.string(), v.number()]),
    v.transform(Number),
    v.check((value) => Number.isSafeInteger(value) && value >= 0, "a count"),
  ),
  0,
);
const CountedItem = v.object({
  id: v.string(),
  statistics: v.object({ viewCount: count, likeCount: count, commentCount: count }),
});

const Page = v.object({ items: v.optional(v.array(v.unknown()), []) });

const Reason = v.object({ reason: v.optional(v.string()) });
const Detail = v.object({
  ...Reason.entries,
  metadata: v.optional(v.object({ quota_limit: v.optional(v.string()) })),
});
const Refusal = v.object({
  error: v.object({
    message: text,
    errors: v.optional(v.array(Reason), []),
    details: v.optional(v.array(Detail), []),
  }),
});

/**
 * YouTube's Data API, one try a question: there are 100 searches a day.
 * https://developers.google.com/youtube/v3/determine_quota_cost,
 * https://developers.google.com/youtube/v3/docs/search/list, https://developers.google.com/youtube/v3/docs/videos/list
 */
export function youtubeApi(at: {
  /** `https://www.googleapis.com/youtube/v3` */
  readonly url: string;
  readonly key: string;
  readonly seconds: number;
}): Youtube {
  /** The items of an answer, or why there are none. Of an error nothing but its kind is kept: the address has the key in it. */
  async function ask(
    path: "search" | "videos",
    query: Readonly<Record<string, string>>,
  ): Promise<YoutubeAnswer<readonly unknown[]>> {
    try {
      const parameters = new URLSearchParams({ ...query, key: at.key });
      const answer = await fetch(`${at.url}/${path}?${parameters}`, {
        redirect: "error",
        signal: AbortSignal.timeout(at.seconds * 1000),
      });
      const body: unknown = JSON.parse(await limitedText(answer));
      if (!answer.ok) return { refused: refusalOf(answer.status, body) };
      const page = v.safeParse(Page, body);
      return page.success ? { found: page.output.items } : { refused: "unavailable" };
    } catch {
      return { refused: "unavailable" };
    }
  }

  return {
    async search(query, most) {
      const answer = await ask("search", {
        part: "snippet",
        q: query,
        type: "video",
        maxResults: String(most),
        order: "relevance",
      });
      return "refused" in answer ? answer : { found: answer.found.flatMap(videoOf).slice(0, most) };
    },
    async counts(ids) {
      const answer = await ask("videos", { part: "statistics", id: ids.join(",") });
      return "refused" in answer ? answer : { found: new Map(answer.found.flatMap(countsOf)) };
    },
  };
}

function videoOf(item: unknown): SearchedVideo[] {
  const parsed = v.safeParse(FoundItem, item);
  if (!parsed.success) return [];
  const { id, snippet } = parsed.output;
  const { title, description, channelTitle: channel, publishedAt, thumbnails } = snippet;
  return [
    {
      id: id.videoId,
      title,
      description,
      channel,
      publishedAt,
      thumbnailUrl: thumbnails?.default?.url ?? "",
    },
  ];
}

function countsOf(item: unknown): [string, VideoCounts][] {
  const parsed = v.safeParse(CountedItem, item);
  if (!parsed.success) return [];
  const { viewCount: views, likeCount: likes, commentCount: comments } = parsed.output.statistics;
  return [[parsed.output.id, { views, likes, comments }]];
}

function refusalOf(status: number, body: unknown): YoutubeRefusal {
  const parsed = v.safeParse(Refusal, body);
  if (!parsed.success) return "unavailable";
  const { message, errors, details } = parsed.output.error;
  const reasons = [...errors, ...details].flatMap(({ reason }) => reason ?? []);
  if (reasons.some((reason) => SPENT.has(reason))) return "quota_exhausted";
  const limits = details.flatMap(({ metadata }) => metadata?.quota_limit ?? []);
  if (status === 429 && [message, ...limits].some((limit) => OF_A_DAY.test(limit))) return "quota_exhausted";
  return (status === 400 || status === 403) && reasons.some((reason) => KEY.has(reason))
    ? "no_key"
    : "unavailable";
}

/** The text of an answer that is not too large. @throws {RangeError} */
async function limitedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > LARGEST) throw new RangeError(`an answer of more than ${LARGEST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
