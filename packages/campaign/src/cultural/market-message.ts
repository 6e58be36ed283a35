import type { MarketCode, ProductRecord } from "@penstock/contracts";
import { fenced } from "@penstock/runtime/model";
import { labelLines, marketNames, productLines } from "../agent/shown-lines.ts";

/** Most labels that are shown. */
const LABELS = 15;

/** A product as the model is shown it when it is asked about a market, fenced. Nothing of whose it is stands here. */
export function marketMessage(record: ProductRecord, market: MarketCode): string {
  const { lines } = productLines(record);
  const labels = labelLines(record.image_analysis?.labels ?? [], LABELS);
  return `Market: ${marketNames([market])}.\nThe product:\n${fenced([...lines, ...labels])}`;
}
