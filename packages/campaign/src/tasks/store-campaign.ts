import { generationMethods } from "@penstock/contracts";
import { task } from "@penstock/runtime";
import { storeCampaign } from "../synthesise/store-campaign.ts";
import { StoreCampaignInput } from "../task-inputs.ts";
import { campaignPorts } from "./campaign-ports.ts";

/** Why there was no agent where nobody wanted one. */
const ASKED_FOR = "asked_for";

/** Stores a campaign, and counts who made it. */
export const handler = task(StoreCampaignInput, async (input, context) => {
  const { metrics, log } = context;
  const stored = await storeCampaign(input, campaignPorts(context));
  log.info("campaign stored", { ...stored });
  // Counted by the try that stored it.
  if (stored.repeated) return stored;
  const { method, fallback_reason, seconds, lost_images, incomplete } = stored;
  // Each dimension has metrics of its own: together they would be counted by every pair. What an alarm reckons with is counted where
  // it is none, too: of a metric that nobody has ever written there is no zero.
  for (const each of generationMethods) {
    const byMethod = metrics.singleMetric();
    byMethod.addDimension("Method", each);
    byMethod.addMetric("GenerationMethod", "Count", each === method ? 1 : 0);
  }
  for (const each of new Set([ASKED_FOR, ...(fallback_reason === null ? [] : [fallback_reason])])) {
    const byReason = metrics.singleMetric();
    byReason.addDimension("Reason", each);
    byReason.addMetric("FallBack", "Count", each === fallback_reason ? 1 : 0);
  }
  const skipped = incomplete.some(({ step }) => step === "data_enrichment");
  metrics.addMetric("EnrichmentSkipped", "Count", skipped ? 1 : 0);
  metrics.addMetric("ImagesNotQueued", "Count", lost_images);
  metrics.addMetric("CampaignSeconds", "Seconds", seconds);
  // The agent's turns are no function's, so that nobody else counts them.
  metrics.addMetric("CampaignTokens", "Count", input.tokens);
  metrics.addMetric("CampaignCostUsd", "None", input.cost_usd);
  return stored;
});
