import type { CampaignDraft, CampaignModel } from "@penstock/contracts";
import { askModel, modelMeter } from "@penstock/runtime/model";
import type { ModelPorts } from "../ports.ts";
import { draftForm } from "../prompts/forms.ts";
import { synthesiseV1 } from "../prompts/index.ts";
import { requireOwn } from "../record/own-record.ts";
import { productOfItem } from "../record/product-of-item.ts";
import type { SynthesiseCampaignInput } from "../task-inputs.ts";
import { acceptDraft, acceptInPart, groundsOf } from "./accept-draft.ts";
import { missingParts } from "./missing-parts.ts";
import { productMessage } from "./product-message.ts";

/** A draft that can be used, at least in part, and what it took. */
export interface SynthesisedCampaign {
  readonly draft: CampaignDraft;
  readonly model: CampaignModel;
  readonly tokens: number;
  readonly cost_usd: number;
}

/**
 * Lets the model write a campaign from all that was found out about a product.
 * @throws {InvalidInput} for an item of another product or execution
 * @throws {ModelOutputInvalid} when the second answer cannot be taken either
 * @throws {ModelBudgetSpent} instead of a call that could take more than a synthesis may
 * @throws {ModelThrottled} {@link UpstreamUnavailable} {@link AccessDenied} of the model
 */
export async function synthesiseCampaign(
  input: SynthesiseCampaignInput,
  { settings, model, metrics }: Pick<ModelPorts, "settings" | "model" | "metrics">,
): Promise<SynthesisedCampaign> {
  const record = productOfItem(input.item);
  requireOwn(record, input);
  const { synthesis, model: asked } = settings;
  const grounds = groundsOf(record);
  const budget = { prices: asked.prices, mostTokens: synthesis.tokens, mostCostUsd: synthesis.costUsd };
  const { answer: draft, usage } = await askModel(model, {
    prompt: synthesiseV1,
    message: productMessage(record, missingParts(record, input.missing)),
    form: draftForm,
    accept(draft, last) {
      if (!last) return acceptDraft(draft, grounds);
      // The check takes it in the same part, and says what the campaign is without.
      acceptInPart(draft, grounds);
      return draft;
    },
    maxTokens: synthesis.answerTokens,
    meter: modelMeter(budget, metrics),
  });
  const { input_tokens, output_tokens, cost_usd, offline } = usage;
  return { draft, model: { id: usage.model, offline }, tokens: input_tokens + output_tokens, cost_usd };
}
