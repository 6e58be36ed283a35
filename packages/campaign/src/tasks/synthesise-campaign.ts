import { task } from "@penstock/runtime";
import { synthesiseCampaign } from "../synthesise/synthesise-campaign.ts";
import { SynthesiseCampaignInput } from "../task-inputs.ts";
import { modelPorts } from "./model-ports.ts";

/** Writes a campaign from all that was found out. */
export const handler = task(SynthesiseCampaignInput, async (input, context) => {
  const written = await synthesiseCampaign(input, modelPorts(context));
  context.log.info("campaign written", { model: written.model.id, tokens: written.tokens });
  return written;
});
