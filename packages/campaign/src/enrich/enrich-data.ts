import type { YoutubeData, YoutubeState } from "@penstock/contracts";
import { videosSummary } from "../agent/tool-result.ts";
import type { EnrichPorts } from "../ports.ts";
import { ownRecord } from "../record/own-record.ts";
import type { EnrichDataInput } from "../task-inputs.ts";
import { foundVideos } from "./found-videos.ts";
import { queryOf } from "./query-of.ts";
import type { VideoCounts } from "./youtube.ts";

/** A product whose videos were looked for; they themselves are in the record. */
export interface EnrichedData {
  readonly state: YoutubeState;
  /** What an agent is told, at most 6 KB, data in a fence. */
  readonly summary: string;
  readonly videos: number;
}

/**
 * Looks for videos about the product, once for each product and query. Whatever YouTube says, or nobody, does not fail: the
 * campaign goes on without, marked.
 * @throws {InvalidInput} for a product of another execution
 */
export async function enrichData(input: EnrichDataInput, ports: EnrichPorts): Promise<EnrichedData> {
  const record = await ownRecord(ports.records, input);
  const data = record.youtube_data ?? (await looked());
  if (record.youtube_data === undefined) await ports.records.putYoutubeData(input.product_id, data);
  return { state: data.state, summary: videosSummary(data), videos: data.videos.length };

  async function looked(): Promise<YoutubeData> {
    const query = queryOf(record, input.keywords ?? undefined);
    const about = { query: query ?? "", enriched_at: ports.now().toISOString() };
    if (query === undefined) return { ...about, ...without("unavailable") };
    return { ...about, ...(await videosFor(query, ports)) };
  }
}

/**
 * How long everybody who asks the same goes without videos, or without their counts, that could not be had: a search is a
 * hundredth of a day's, and what could not be had now can be had soon.
 */
const HOURS_OF_LITTLE = 0.25;

type Looked = Omit<YoutubeData, "query" | "enriched_at">;

function without(state: Exclude<YoutubeState, "ok">): Looked {
  return { state, from_cache: false, statistics: false, videos: [] };
}

async function videosFor(query: string, { youtube, cache, settings, now }: EnrichPorts): Promise<Looked> {
  const kept = await cache.find(query, now());
  if (kept !== undefined) {
    const { videos, statistics } = kept;
    return { state: "ok", from_cache: true, statistics, videos: [...videos] };
  }
  if (youtube === undefined) return without("no_key");
  if (await cache.quotaSpent(now())) return without("quota_exhausted");
  const searched = await youtube.search(query, settings.youtube.videos);
  if ("refused" in searched) {
    if (searched.refused === "quota_exhausted") await cache.spendQuota(now());
    return without(searched.refused);
  }
  const ids = searched.found.map(({ id }) => id);
  const counted = ids.length === 0 ? { found: new Map<string, VideoCounts>() } : await youtube.counts(ids);
  const statistics = "found" in counted;
  const counts = statistics ? counted.found : new Map<string, VideoCounts>();
  const found = { videos: foundVideos(query, searched.found, counts, now()), statistics };
  const hours = statistics && found.videos.length > 0 ? settings.youtube.cacheHours : HOURS_OF_LITTLE;
  await cache.keep(query, found, new Date(now().getTime() + hours * 3_600_000));
  return { state: "ok", from_cache: false, ...found };
}
