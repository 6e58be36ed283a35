import { task } from "@penstock/runtime";
import { checkCampaign } from "../synthesise/check-campaign.ts";
import { CheckCampaignInput } from "../task-inputs.ts";
import { campaignPorts } from "./campaign-ports.ts";

/** Judges a draft. */
export const handler = task(CheckCampaignInput, async (input, context) => {
  const checked = await checkCampaign(input, campaignPorts(context));
  context.log.info("draft accepted", { method: input.method, images: checked.images.length });
  return checked;
});
