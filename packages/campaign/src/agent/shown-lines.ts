import {
  type FoundLabel,
  type FoundVideo,
  type KnownInsight,
  type MarketCode,
  type MissingPart,
  marketName,
  type ProductRecord,
} from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";

/** What is shown of a product, and what of it is not, as it may be meant to instruct a model. */
export interface ShownProduct {
  /** `product: …`, `description: …`, `category: …`, `audience: …`, `objective 1: …` */
  readonly lines: readonly string[];
  readonly withheld: readonly MissingPart[];
}

/** What a customer wrote, line by line. A text that may be meant to instruct a model is left out; its line says so. */
export function productLines({
  product_name,
  product_description,
  request,
}: Pick<ProductRecord, "product_name" | "product_description" | "request">): ShownProduct {
  const texts: readonly (readonly [name: string, text: string | null])[] = [
    ["product", product_name],
    ["description", product_description],
    ["category", request.category],
    ["audience", request.target_audience],
    ...request.objectives.map((objective, at) => [`objective ${at + 1}`, objective] as const),
  ];
  const shown = texts.flatMap(([name, text]) =>
    text === null ? [] : [{ name, text, flagged: textFlags(text).length > 0 }],
  );
  return {
    lines: shown.map(({ name, text, flagged }) => `${name}: ${flagged ? "(withheld)" : text}`),
    withheld: shown
      .filter(({ flagged }) => flagged)
      .map(({ name }) => ({
        step: "request",
        market: null,
        reason: `flagged_${name.replace(" ", "_")}`,
      })),
  };
}

/** Labels that are not flagged, as lines: `label: Cup (99 %; Kitchen, Tableware)`. */
export function labelLines(labels: readonly FoundLabel[], most: number): string[] {
  return labels
    .filter(({ flagged }) => !flagged)
    .slice(0, most)
    .map(({ name, confidence, categories }) => {
      const of = categories.length === 0 ? "" : `; ${categories.join(", ")}`;
      return `label: ${name} (${Math.round(confidence)} %${of})`;
    });
}

/** Videos that are not flagged, as lines: `video <id>: <title> | <channel> | 1200 views, relevance 78 | <description>`. */
export function videoLines(videos: readonly FoundVideo[]): string[] {
  return videos
    .filter(({ flagged }) => !flagged)
    .map(({ video_id, title, channel_title, viewCount, relevance_score, description }) =>
      [
        `video ${video_id}: ${title}`,
        channel_title,
        `${viewCount} views, relevance ${relevance_score}`,
        description,
      ].join(" | "),
    );
}

/** What was said of a market and is not flagged, as lines: `market DE preferences: a; b`, `… platforms: …`, `… content types: …`, `… notes: …`. */
export function insightLines(market: MarketCode, insight: KnownInsight): string[] {
  return [
    `market ${market} preferences: ${insight.preferences.join("; ")}`,
    `market ${market} platforms: ${insight.platforms.join("; ")}`,
    `market ${market} content types: ${insight.content_types.join("; ")}`,
    `market ${market} notes: ${insight.cultural_notes}`,
  ].filter((line) => textFlags(line).length === 0);
}

/** Markets in words of ours: `DE (Germany), JP (Japan)`. */
export function marketNames(markets: readonly MarketCode[]): string {
  return markets.map((code) => `${code} (${marketName(code)})`).join(", ");
}
