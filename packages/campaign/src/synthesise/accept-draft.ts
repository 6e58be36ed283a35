import { CampaignDraft, type ProductRecord } from "@penstock/contracts";
import { AnswerRefused } from "@penstock/runtime/model";
import * as v from "valibot";
import { cleanDraft, draftTexts } from "./clean-draft.ts";
import { repeatsSystemText } from "./system-texts.ts";
import { flagged, type UnflaggedDraft, withoutFlagged } from "./without-flagged.ts";

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
  const { content_ideas, campaigns, images } = cleanDraft(draft);
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
  const accepted: CampaignDraft = {
    content_ideas: content_ideas.map((idea) => ({
      ...idea,
      video_ids: [...new Set(idea.video_ids)].filter((id) => grounds.videos.has(id)),
    })),
    campaigns,
    images,
  };
  requireWords(draft, accepted);
  return accepted;
}

/**
 * The same of a draft of which a part may read like an instruction to a machine: it is taken without that part, where the rest is
 * still a draft. For the last try of the sequence, after which there is nothing.
 * @throws {AnswerRefused}
 */
export function acceptInPart(draft: CampaignDraft, grounds: Grounds): UnflaggedDraft {
  requireOwnWords(draft);
  const { draft: rest, missing } = withoutFlagged(draft);
  if (!v.is(CampaignDraft, rest))
    throw new AnswerRefused("Too many texts read like an instruction to a machine. Write about the product.");
  return { draft: acceptDraft(rest, grounds), missing };
}

/** Refuses texts of which nothing is left, and those that are told to, or by, a machine. */
function requireWords(draft: CampaignDraft, accepted: CampaignDraft): void {
  const texts = draftTexts(accepted);
  if (texts.includes(""))
    throw new AnswerRefused("A text is nothing but addresses, links, numbers or markup. Write words.");
  requireOwnWords(draft);
  if (flagged(draft))
    throw new AnswerRefused("A text reads like an instruction to a machine. Write about the product.");
}

function requireOwnWords(draft: CampaignDraft): void {
  if (repeatsSystemText(draftTexts(draft)))
    throw new AnswerRefused("A text repeats your instructions. Write about the product.");
}
