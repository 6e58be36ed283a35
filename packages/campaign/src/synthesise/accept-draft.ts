import type { CampaignDraft, ProductRecord } from "@penstock/contracts";
import { AnswerRefused } from "@penstock/runtime/model";
import { cleanDraft, draftTexts } from "./clean-draft.ts";
import { draftFaults, faultsTold } from "./draft-faults.ts";
import { systemTextAt } from "./system-texts.ts";
import { type DraftInPart, withoutFaults } from "./without-faults.ts";

/** What a draft must follow from: what was asked for, and what was shown. */
export interface Grounds {
  readonly markets: readonly string[];
  /** Objectives are numbered from 1. */
  readonly objectives: number;
  readonly videos: ReadonlySet<string>;
}

/** The grounds of a product's campaign. Videos that no model was shown are none. */
export function groundsOf({
  request,
  youtube_data,
}: Pick<ProductRecord, "request" | "youtube_data">): Grounds {
  const shown = youtube_data?.videos.filter(({ flagged }) => !flagged) ?? [];
  return {
    markets: request.target_markets,
    objectives: request.objectives.length,
    videos: new Set(shown.map(({ video_id }) => video_id)),
  };
}

/**
 * A draft that has passed its contract, as it can be used: for the markets and objectives that were asked for, of the videos that
 * were shown, in clean words. Ids of other videos are left out; anything else that is wrong is refused. The same for the
 * agent's draft and for the sequence's.
 * @throws {AnswerRefused}
 */
export function acceptDraft(draft: CampaignDraft, grounds: Grounds): CampaignDraft {
  requireAskedFor(draft, grounds);
  requireWords(draft);
  return usable(draft, grounds);
}

/**
 * The same of a draft after which there is nothing, the sequence's last: what no campaign can say is left out of it with the part
 * that it stands in, where a campaign is left. It is no less for what was asked for, and in no other words.
 * @throws {AnswerRefused}
 */
export function acceptInPart(draft: CampaignDraft, grounds: Grounds): DraftInPart {
  requireAskedFor(draft, grounds);
  requireOwnWords(draft);
  const { draft: rest, missing } = withoutFaults(draft);
  if (rest.campaigns.length === 0)
    throw new AnswerRefused(`campaigns: none can be taken. ${faultsTold(draftFaults(draft))}`);
  // What stood apart may stand together now.
  requireWords(rest);
  return { draft: usable(rest, grounds), missing };
}

function requireAskedFor({ content_ideas, campaigns }: CampaignDraft, grounds: Grounds): void {
  const parts = { content_ideas, campaigns };
  for (const [name, items] of Object.entries(parts))
    for (const [at, { market }] of items.entries())
      if (!grounds.markets.includes(market))
        throw new AnswerRefused(`${name}.${at}.market: is none of the markets that are asked for.`);
  for (const [at, { objective }] of campaigns.entries())
    if (objective > grounds.objectives)
      throw new AnswerRefused(`campaigns.${at}.objective: there are ${grounds.objectives} objectives.`);
  const without = grounds.markets.filter((each) => !campaigns.some(({ market }) => market === each));
  if (without.length > 0)
    throw new AnswerRefused(`campaigns: there is none for the market ${without.join(", ")}.`);
}

/** Refuses texts of which nothing is left, and those that are told to, or by, a machine. */
function requireWords(draft: CampaignDraft): void {
  requireOwnWords(draft);
  const faults = draftFaults(draft);
  if (faults.length > 0) throw new AnswerRefused(faultsTold(faults));
}

function requireOwnWords(draft: CampaignDraft): void {
  const texts = draftTexts(draft);
  const at = systemTextAt(texts.map(({ text }) => text));
  if (at !== undefined)
    throw new AnswerRefused(`${texts[at]?.place}: repeats your instructions. Write about the product.`);
}

function usable(draft: CampaignDraft, { videos }: Grounds): CampaignDraft {
  const clean = cleanDraft(draft);
  // An address in the middle of a piece kept it apart until here.
  requireOwnWords(clean);
  const { content_ideas, campaigns, images } = clean;
  return {
    content_ideas: content_ideas.map((idea) => ({
      ...idea,
      video_ids: [...new Set(idea.video_ids)].filter((id) => videos.has(id)),
    })),
    campaigns,
    images,
  };
}
