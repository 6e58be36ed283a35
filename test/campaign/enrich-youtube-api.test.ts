import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { YoutubeRefusal } from "../../packages/campaign/src/enrich/youtube.ts";
import { youtubeApi } from "../../packages/campaign/src/enrich/youtube-api.ts";
import { type Listening, listen } from "../../packages/local/src/cloud/gateway/listen.ts";

/** What the server answers next, and what it was asked. */
let answer: (response: ServerResponse) => void;
const asked: URL[] = [];
let server: Listening;
beforeAll(async () => {
  const http = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(new URL(request.url ?? "", "http://there"));
    answer(response);
  });
  server = await listen(http, 0);
});
afterAll(() => server.close());

const api = (seconds = 5) => youtubeApi({ url: `${server.endpoint}/youtube/v3`, key: "the key", seconds });
const answering = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
};
const error = (reason: string, details: string[] = []) => ({
  error: {
    code: 403,
    message: "no",
    errors: [{ reason, domain: "x" }],
    details: details.map((each) => ({ reason: each })),
  },
});

/** As Google refuses what is over a limit of the project's, whatever its time. */
const overLimit = (message: string, quota_limit: string) => ({
  error: {
    code: 429,
    message,
    errors: [{ reason: "rateLimitExceeded", domain: "global" }],
    details: [{ reason: "RATE_LIMIT_EXCEEDED", metadata: { quota_limit } }],
  },
});

test("a search asks as the seed does, and takes what is a video", async () => {
  answer = answering(200, {
    items: [
      {
        id: { kind: "youtube#video", videoId: "aaaaaaaaaaa" },
        snippet: {
          title: "T",
          description: "D",
          channelTitle: "C",
          publishedAt: "2026-01-01T00:00:00Z",
          thumbnails: { default: { url: "https://i.ytimg.com/x.jpg" } },
        },
      },
      { id: { kind: "youtube#channel", channelId: "c" }, snippet: { publishedAt: "2026-01-01T00:00:00Z" } },
      { id: { videoId: "bbbbbbbbbbb" }, snippet: { publishedAt: "2026-01-01T00:00:00Z" } },
      null,
    ],
  });

  const searched = await api().search("Blue mug & co review", 10);

  expect(searched).toEqual({
    found: [
      {
        id: "aaaaaaaaaaa",
        title: "T",
        description: "D",
        channel: "C",
        publishedAt: "2026-01-01T00:00:00Z",
        thumbnailUrl: "https://i.ytimg.com/x.jpg",
      },
      expect.objectContaining({ id: "bbbbbbbbbbb", title: "", thumbnailUrl: "" }),
    ],
  });
  const url = asked.at(-1);
  expect([url?.pathname, Object.fromEntries(url?.searchParams ?? [])]).toEqual([
    "/youtube/v3/search",
    {
      part: "snippet",
      q: "Blue mug & co review",
      type: "video",
      maxResults: "10",
      order: "relevance",
      key: "the key",
    },
  ]);
});

test("counts come in one answer; what is hidden counts nothing, and what is no count is left out", async () => {
  answer = answering(200, {
    items: [
      { id: "a", statistics: { viewCount: "100000", likeCount: "8500", commentCount: "450" } },
      { id: "b", statistics: { viewCount: "7" } },
      { id: "c", statistics: { viewCount: "many" } },
      { id: "d", statistics: { viewCount: "-1" } },
    ],
  });

  const counted = await api().counts(["a", "b", "c", "d", "gone"]);

  expect(counted).toEqual({
    found: new Map([
      ["a", { views: 100_000, likes: 8500, comments: 450 }],
      ["b", { views: 7, likes: 0, comments: 0 }],
    ]),
  });
  expect(Object.fromEntries(asked.at(-1)?.searchParams ?? [])).toEqual({
    part: "statistics",
    id: "a,b,c,d,gone",
    key: "the key",
  });
});

test.each<[what: string, status: number, body: unknown, refused: YoutubeRefusal]>([
  ["no quota", 403, error("quotaExceeded"), "quota_exhausted"],
  ["no quota of the day", 403, error("dailyLimitExceeded"), "quota_exhausted"],
  [
    "no searches left today, by the limit's name",
    429,
    overLimit("no", "defaultSearchListPerDayPerProject"),
    "quota_exhausted",
  ],
  [
    "no searches left today, by the limit's title",
    429,
    overLimit("Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day'", "x"),
    "quota_exhausted",
  ],
  // It passes within a minute: the day goes on.
  ["too many requests at once", 403, error("rateLimitExceeded"), "unavailable"],
  [
    "too many requests in a minute",
    429,
    overLimit("limit 'Queries per minute'", "defaultPerMinutePerProject"),
    "unavailable",
  ],
  ["a key that is none", 400, error("badRequest", ["API_KEY_INVALID"]), "no_key"],
  ["a key that has expired", 400, error("keyExpired"), "no_key"],
  ["no key", 403, error("forbidden"), "no_key"],
  ["an API that is not enabled", 403, error("accessNotConfigured"), "no_key"],
  ["a bad request", 400, error("invalidSearchFilter"), "unavailable"],
  ["a fault of its own", 500, error("backendError"), "unavailable"],
  ["a fault of its own that speaks of keys", 500, error("keyInvalid"), "unavailable"],
  ["an error that is none", 403, { error: "no" }, "unavailable"],
  ["a page", 200, "<html>", "unavailable"],
  ["half an answer", 200, '{"items": [', "unavailable"],
  ["something else", 200, { items: "none" }, "unavailable"],
  ["far too much", 200, JSON.stringify({ items: ["x".repeat(1024 * 1024)] }), "unavailable"],
])("YouTube that answers %s is gone without", async (_, status, body, refused) => {
  answer = answering(status, body);

  expect([await api().search("q", 10), await api().counts(["a"])]).toEqual([{ refused }, { refused }]);
});

test("YouTube that leads elsewhere, breaks off, or does not answer is unavailable", async () => {
  answer = (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
  const elsewhere = await api().search("q", 10);
  answer = (response) => response.destroy();
  const broken = await api().search("q", 10);
  answer = () => {};
  const silent = await api(0.05).search("q", 10);

  const refused = { refused: "unavailable" };
  expect([elsewhere, broken, silent]).toEqual([refused, refused, refused]);
});
