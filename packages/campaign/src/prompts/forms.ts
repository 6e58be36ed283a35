import { CampaignDraft, MarketInsight } from "@penstock/contracts";
import { answerForm } from "@penstock/runtime/model";

/** The form of what is said of a market. */
export const marketForm = answerForm(
  "describe_market",
  "What to know about a market for a product",
  MarketInsight,
);

/** The form of a campaign: of the agent its last tool, of the synthesis its answer. */
export const draftForm = answerForm(
  "submit_campaign",
  "Hands in the whole campaign; this ends the work",
  CampaignDraft,
);
