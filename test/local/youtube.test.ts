import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { youtubeApi } from "../../packages/campaign/src/enrich/youtube-api.ts";
import {
  openYoutubeService,
  type YoutubeService,
} from "../../packages/local/src/cloud/youtube/youtube-service.ts";

let youtube: YoutubeService;
beforeAll(async () => {
  youtube = await openYoutubeService(0);
});
afterAll(() => youtube.close());

const search = {
  part: "snippet",
  q: "Blue mug Kitchen review",
  type: "video",
  maxResults: "10",
  order: "relevance",
};

const Body = v.looseObject({
  items: v.optional(v.array(v.looseObject({ id: v.unknown() })), []),
  error: v.optional(v.looseObject({ errors: v.array(v.unknown()) })),
});
const VideoId = v.object({ videoId: v.string() });

async function ask(path: string, query: Record<string, string>, at = youtube) {
  const response = await fetch(`${at.url}/${path}?${new URLSearchParams({ key: "local", ...query })}`);
  return { status: response.status, body: v.parse(Body, await response.json()) };
}

describe("the stand-in for YouTube", () => {
  test("searches in the form of the real one, and says that it is none", async () => {
    const { status, body } = await ask("search", search);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: "youtube#searchListResponse",
      etag: "offline",
      pageInfo: { totalResults: 10, resultsPerPage: 10 },
    });
    expect(body.items).toHaveLength(10);
    expect(body.items[3]).toEqual({
      kind: "youtube#searchResult",
      etag: "offline",
      id: { kind: "youtube#video", videoId: expect.stringMatching(/^[\w-]{11}$/) },
      snippet: {
        publishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        channelId: expect.any(String),
        // As a page would have it: so does YouTube.
        title: "Unboxing &amp; first look: Blue mug Kitchen",
        description: expect.stringContaining("stand-in"),
        thumbnails: {
          default: { url: expect.stringMatching(/^https:\/\/i\.ytimg\.com\/vi\//), width: 120, height: 90 },
          medium: expect.anything(),
          high: expect.anything(),
        },
        channelTitle: "Offline stand-in",
        liveBroadcastContent: "none",
        publishTime: expect.any(String),
      },
    });
  });

  test("finds the same for the same query, and other videos for another", async () => {
    const ids = async (q: string) =>
      (await ask("search", { ...search, q })).body.items.map(({ id }) => v.parse(VideoId, id).videoId);

    const [first, again, other] = [await ids("a"), await ids("a"), await ids("b")];

    expect(again).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(20);
  });

  test("gives counts as texts, of several videos in one answer", async () => {
    const { body } = await ask("videos", { part: "statistics", id: "aaaaaaaaaaa,bbbbbbbbbbb" });

    const counts = expect.stringMatching(/^\d+$/);
    expect(body.items).toEqual(
      ["aaaaaaaaaaa", "bbbbbbbbbbb"].map((id) => ({
        kind: "youtube#video",
        etag: "offline",
        id,
        statistics: { viewCount: counts, likeCount: counts, favoriteCount: "0", commentCount: counts },
      })),
    );
  });

  test.each<[why: string, path: string, query: Record<string, string>, status: number, reason: string]>([
    ["no key", "search", { ...search, key: "" }, 403, "forbidden"],
    ["another part", "search", { ...search, part: "id" }, 400, "unknownPart"],
    ["too many results", "search", { ...search, maxResults: "51" }, 400, "invalidParameter"],
    ["results that are no number", "search", { ...search, maxResults: "ten" }, 400, "invalidParameter"],
    ["channels", "search", { ...search, type: "channel" }, 400, "invalidParameter"],
    ["statistics of nothing", "videos", { part: "statistics" }, 400, "missingRequiredParameter"],
    ["another part of a video", "videos", { part: "player", id: "a" }, 400, "unknownPart"],
    ["anything else", "channels", {}, 404, "notFound"],
  ])("refuses %s in Google's form", async (_, path, query, status, reason) => {
    const answer = await ask(path, query);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error: {
        code: status,
        message: expect.any(String),
        errors: [{ message: expect.any(String), domain: expect.any(String), reason }],
        status: expect.any(String),
      },
    });
  });

  test("finds nothing more when the day's searches are spent, still counts, and is understood", async () => {
    const poor = await openYoutubeService(0, { searches: 1 });
    const found = await ask("search", search, poor);
    const spent = await ask("search", search, poor);
    const counted = await ask("videos", { part: "statistics", id: "a" }, poor);
    const understood = await youtubeApi({ url: poor.url, key: "local", seconds: 5 }).search("mug", 3);
    await poor.close();

    expect([found.status, spent.status, counted.status]).toEqual([200, 429, 200]);
    expect(spent.body.error?.errors).toEqual([expect.objectContaining({ reason: "rateLimitExceeded" })]);
    expect(understood).toEqual({ refused: "quota_exhausted" });
  });

  test("is understood by what asks the real one", async () => {
    const api = youtubeApi({ url: youtube.url, key: "local", seconds: 5 });

    const searched = await api.search("Blue mug review", 3);
    if ("refused" in searched) expect.unreachable(searched.refused);
    const counted = await api.counts(searched.found.map(({ id }) => id));

    expect(searched.found).toHaveLength(3);
    expect("found" in counted && counted.found.size).toBe(3);
  });
});
