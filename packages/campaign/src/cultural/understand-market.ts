import type { KnownInsight, MarketCode } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime/errors";
import { askModel, modelMeter } from "@penstock/runtime/model";
import { insightSummary } from "../agent/tool-result.ts";
import type { ModelPorts } from "../ports.ts";
import { marketForm } from "../prompts/forms.ts";
import { culturalV1 } from "../prompts/index.ts";
import { ownRecord } from "../record/own-record.ts";
import type { UnderstandMarketInput } from "../task-inputs.ts";
import { acceptInsight } from "./accept-insight.ts";
import { marketMessage } from "./market-message.ts";

/** A market that is understood; the insight itself is in the record. */
export interface UnderstoodMarket {
  readonly market: MarketCode;
  /** What an agent is told, at most 6 KB, data in a fence. */
  readonly summary: string;
  /** Taken now; none where the insight was there. */
  readonly tokens: number;
  readonly cost_usd: number;
}

/**
 * Lets the model say what to know about a market for the product, once for each product.
 * @throws {InvalidInput} for a market that is not asked for, and for a product of another execution
 * @throws {ModelOutputInvalid} when the second answer cannot be taken either
 * @throws {ModelBudgetSpent} instead of a call that could take more than a market may
 * @throws {ModelThrottled} {@link UpstreamUnavailable} {@link AccessDenied} of the model
 */
export async function understandMarket(
  input: UnderstandMarketInput,
  { records, settings, now, model, metrics }: ModelPorts,
): Promise<UnderstoodMarket> {
  const { product_id, market } = input;
  const record = await ownRecord(records, input);
  if (!record.request.target_markets.includes(market))
    throw new InvalidInput(`${market} is none of the markets that the campaign is asked for`);
  const known = record.cultural_data.market_insights[market];
  if (known !== undefined) return { market, summary: insightSummary(market, known), tokens: 0, cost_usd: 0 };
  const { market: limits, model: asked } = settings;
  const budget = { prices: asked.prices, mostTokens: limits.tokens, mostCostUsd: limits.costUsd };
  const { answer, usage } = await askModel(model, {
    prompt: culturalV1,
    message: marketMessage(record, market),
    form: marketForm,
    accept: acceptInsight,
    maxTokens: limits.answerTokens,
    meter: modelMeter(budget, metrics),
  });
  const insight: KnownInsight = { ...answer, model: usage.model, offline: usage.offline };
  await records.putInsight(product_id, market, insight, now().toISOString());
  const tokens = usage.input_tokens + usage.output_tokens;
  return { market, summary: insightSummary(market, insight), tokens, cost_usd: usage.cost_usd };
}
