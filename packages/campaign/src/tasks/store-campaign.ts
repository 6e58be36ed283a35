import { task } from "@penstock/runtime";
import { storeCampaign } from "../synthesise/store-campaign.ts";
import { StoreCampaignInput } from "../task-inputs.ts";
import { campaignPorts } from "./campaign-ports.ts";

/** Stores a campaign, and counts who made it. */
export const handler = task(StoreCampaignInput, async (input, context) => {
  const { metrics, log } = context;
  const stored = await storeCampaign(input, campaignPorts(context));
  const { method, fallback_reason, seconds, incomplete } = stored;
  // Each dimension has metrics of its own: together they would be counted by every pair.
  const byMethod = metrics.singleMetric();
  byMethod.addDimension("Method", method);
  byMethod.addMetric("GenerationMethod", "Count", 1);
  if (fallback_reason !== null) {
    const byReason = metrics.singleMetric();
    byReason.addDimension("Reason", fallback_reason);
    byReason.addMetric("FallBack", "Count", 1);
  }
  const skipped = incomplete.some(({ step }) => step === "data_enrichment");
  metrics.addMetric("EnrichmentSkipped", "Count", skipped ? 1 : 0);
  metrics.addMetric("CampaignSeconds", "Seconds", seconds);
  log.info("campaign stored", { ...stored });
  return stored;
});
