import type { FoundLabel, KnownInsight, MarketCode, YoutubeData } from "@penstock/contracts";
import { fenced } from "@penstock/runtime/model";
import { insightLines, labelLines, videoLines } from "./shown-lines.ts";

/** Labels that are shown where nobody said how many. */
const LABELS = 20;
/** Most bytes of a result: a state machine counts its conversation in bytes, and a character of Japanese has three. */
const LONGEST = 6000;

/** What the agent is told of the picture. */
export function labelsSummary(labels: readonly FoundLabel[], most = LABELS): string {
  const lines = labelLines(labels, most);
  return lines.length === 0 ? "Nothing is seen in the picture that can be named." : result("Labels", lines);
}

/** What the agent is told of the videos. */
export function videosSummary({ state, videos }: Pick<YoutubeData, "state" | "videos">): string {
  if (state !== "ok") return `There are no videos: ${state}. Go on without them.`;
  const lines = videoLines(videos);
  return lines.length === 0 ? "No videos were found. Go on without them." : result("Videos", lines);
}

/** What the agent is told of a market. */
export function insightSummary(market: MarketCode, insight: KnownInsight): string {
  const lines = insightLines(market, insight);
  return lines.length === 0 ? `Nothing is known of ${market}.` : result("Insight", lines);
}

/** Lines in a fence; the last ones are left out where they would be too long. */
function result(what: string, lines: readonly string[]): string {
  let shown = lines;
  for (;;) {
    const text = `${what}:\n${fenced(shown)}`;
    if (Buffer.byteLength(text) <= LONGEST || shown.length === 1) return text;
    shown = shown.slice(0, -1);
  }
}
