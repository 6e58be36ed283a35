import type { MissingPart, ProductRecord } from "@penstock/contracts";
import { fenced } from "@penstock/runtime/model";
import { insightLines, labelLines, marketNames, productLines, videoLines } from "../agent/shown-lines.ts";

/** Most labels that are shown. */
const LABELS = 30;

/** All that was found out about a product, as the model is shown it, fenced. Nothing of whose it is stands here. */
export function productMessage(record: ProductRecord, missing: readonly MissingPart[]): string {
  const { lines } = productLines(record);
  const { target_markets } = record.request;
  const known = target_markets.flatMap((market) => {
    const insight = record.cultural_data.market_insights[market];
    return insight === undefined ? [] : insightLines(market, insight);
  });
  const all = [
    ...lines,
    ...labelLines(record.image_analysis?.labels ?? [], LABELS),
    ...videoLines(record.youtube_data?.videos ?? []),
    ...known,
  ];
  const without = missing.map(({ step, market }) => (market === null ? step : `${step} of ${market}`));
  return [
    `Markets: ${marketNames(target_markets)}.`,
    ...(without.length === 0 ? [] : [`Missing: ${without.join(", ")}.`]),
    `What there is:\n${fenced(all)}`,
  ].join("\n");
}
