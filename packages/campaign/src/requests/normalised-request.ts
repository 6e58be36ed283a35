import { type AskedCampaign, type CampaignRequest, marketCode, oneLine } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime/errors";

/** A request in the form in which it is used: equal ones are equal here, however they were written. */
export interface NormalisedRequest {
  readonly name: string;
  readonly description: string | null;
  readonly asked: AskedCampaign;
}

/** Texts as one line in NFC, markets by their codes, each once, in the order in which they were given. */
export function normalisedRequest(request: CampaignRequest): NormalisedRequest {
  const { product, objectives, target_markets, target_audience, tier } = request;
  return {
    name: oneLine(product.name),
    description: optional(product.description),
    asked: {
      category: optional(product.category),
      objectives: objectives.map(oneLine),
      target_markets: [...new Set(target_markets.map(codeOf))],
      target_audience: optional(target_audience),
      tier,
    },
  };
}

function optional(text: string | undefined): string | null {
  return text === undefined ? null : oneLine(text);
}

function codeOf(market: string): string {
  const code = marketCode(market);
  // The contract has let none other through.
  if (code === undefined) throw new InvalidInput("a target market is none that there is");
  return code;
}
