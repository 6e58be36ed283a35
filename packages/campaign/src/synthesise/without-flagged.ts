import type { CampaignDraft, MissingPart, PlannedCampaign } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { cleanText } from "../text/clean-text.ts";
import { cleanDraft, draftTexts } from "./clean-draft.ts";

/** A draft without what reads like an instruction to a machine, and what was taken out of it. */
export interface UnflaggedDraft {
  readonly draft: CampaignDraft;
  readonly missing: readonly MissingPart[];
}

const NOTHING: CampaignDraft = { content_ideas: [], campaigns: [], images: [] };

/**
 * Takes out of a draft the ideas, campaigns, calls, measures and pictures that read like an instruction to a machine. Shops do
 * write "Forget all you know about mugs". Whether enough is left is for the contract and for who accepts it.
 */
export function withoutFlagged({ content_ideas, campaigns, images }: CampaignDraft): UnflaggedDraft {
  const plans = campaigns.map(withoutFlaggedLines);
  const draft: CampaignDraft = {
    content_ideas: content_ideas.filter((idea) => !flagged({ ...NOTHING, content_ideas: [idea] })),
    campaigns: plans.filter((campaign) => !flagged({ ...NOTHING, campaigns: [campaign] })),
    images: images.filter((image) => !flagged({ ...NOTHING, images: [image] })),
  };
  const lines = (of: readonly PlannedCampaign[]) =>
    of.flatMap(({ calls_to_action, kpis }) => [...calls_to_action, ...kpis]).length;
  const reasons = [
    ...(draft.content_ideas.length < content_ideas.length ? ["flagged_idea"] : []),
    ...(draft.campaigns.length < campaigns.length ? ["flagged_campaign"] : []),
    ...(lines(plans) < lines(campaigns) ? ["flagged_line"] : []),
    ...(draft.images.length < images.length ? ["flagged_image"] : []),
  ];
  return { draft, missing: reasons.map((reason) => ({ step: "synthesis", market: null, reason })) };
}

function withoutFlaggedLines(campaign: PlannedCampaign): PlannedCampaign {
  const kept = (texts: readonly string[]) =>
    texts.filter((text) => !anyFlagged([text, cleanText(text, 600)]));
  return { ...campaign, calls_to_action: kept(campaign.calls_to_action), kpis: kept(campaign.kpis) };
}

/** As it came and as it is used: cleaning can hide what was meant, and can put it together. */
export function flagged(draft: CampaignDraft): boolean {
  return anyFlagged([...draftTexts(draft), ...draftTexts(cleanDraft(draft))]);
}

function anyFlagged(texts: readonly string[]): boolean {
  return texts.some((text) => textFlags(text).length > 0);
}
