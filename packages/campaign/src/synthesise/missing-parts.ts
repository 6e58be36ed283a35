import type { MissingPart, ProductRecord } from "@penstock/contracts";
import { productLines } from "../agent/shown-lines.ts";

/** Of a part that is not there, and nobody said why. */
const NO_REASON = "missing";

/**
 * What a campaign is made without: by the record, which says what there is, with the reasons that the machine heard. No
 * model has a say in it.
 */
export function missingParts(record: ProductRecord, heard: readonly MissingPart[]): MissingPart[] {
  const { youtube_data, cultural_data, request } = record;
  const reasonOf = (step: MissingPart["step"], market: string | null) =>
    heard.find((part) => part.step === step && part.market === market)?.reason ?? NO_REASON;
  const parts = productLines(record).withheld.slice();
  if (youtube_data === undefined)
    parts.push({
      step: "data_enrichment",
      market: null,
      reason: reasonOf("data_enrichment", null),
    });
  else if (youtube_data.state !== "ok")
    parts.push({ step: "data_enrichment", market: null, reason: youtube_data.state });
  for (const market of request.target_markets)
    if (cultural_data.market_insights[market] === undefined)
      parts.push({
        step: "cultural_intelligence",
        market,
        reason: reasonOf("cultural_intelligence", market),
      });
  return parts;
}
