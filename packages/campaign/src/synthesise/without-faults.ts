import type { CampaignDraft, MissingPart, PlannedCampaign } from "@penstock/contracts";
import { draftFaults, type Fault } from "./draft-faults.ts";

/** What is left of a draft, which may be less than its contract asks for, and what was left out of it. */
export interface DraftInPart {
  readonly draft: CampaignDraft;
  readonly missing: readonly MissingPart[];
}

/** A part of a draft, and why it is left out, if it is. */
interface Judged<Part> {
  readonly part: Part;
  readonly fault: Fault | undefined;
}

/** The fault of what stands under a place, if any: that it is flagged before that it is empty. */
type FaultIn = (place: string) => Fault | undefined;

/**
 * Leaves out of a draft the ideas, campaigns and pictures with a text that no campaign can have, and of the calls and measures
 * the one that is such a text; a campaign whose only call or measure goes, goes with it. Shops do write "Forget all you know
 * about mugs". Whether enough is left is for who accepts it.
 */
export function withoutFaults(draft: CampaignDraft): DraftInPart {
  const faults = draftFaults(draft);
  const faultIn: FaultIn = (place) => {
    const found = faults.filter((each) => `${each.place}.`.startsWith(`${place}.`)).map(({ fault }) => fault);
    return found.includes("flagged") ? "flagged" : found[0];
  };
  const ideas = judged(draft.content_ideas, "content_ideas", faultIn);
  const plans = draft.campaigns.map((campaign, at) =>
    judgedCampaign(campaign, (place) => faultIn(`campaigns.${at}${place}`)),
  );
  const images = judged(draft.images, "images", faultIn);
  const campaigns = kept(plans);
  // Of a market that has another campaign none is missing.
  const marketOf = ({ market }: PlannedCampaign) =>
    campaigns.some((left) => left.market === market) ? null : market;
  const missing = [
    ...missed("idea", ideas),
    ...missed("campaign", plans, marketOf),
    ...plans.flatMap(({ fault, lines }) => (fault === undefined ? missed("line", lines) : [])),
    ...missed("image", images),
  ];
  const once = new Map(missing.map((part) => [`${part.reason} ${part.market}`, part]));
  return {
    draft: { content_ideas: kept(ideas), campaigns, images: kept(images) },
    missing: [...once.values()],
  };
}

function judgedCampaign(
  campaign: PlannedCampaign,
  faultIn: FaultIn,
): Judged<PlannedCampaign> & { readonly lines: readonly Judged<string>[] } {
  const calls = judged(campaign.calls_to_action, ".calls_to_action", faultIn);
  const measures = judged(campaign.kpis, ".kpis", faultIn);
  const part = { ...campaign, calls_to_action: kept(calls), kpis: kept(measures) };
  const lost =
    part.calls_to_action.length === 0 ||
    part.kpis.length === 0 ||
    [".name", ".audience", ".message"].some((place) => faultIn(place) !== undefined);
  return { part, fault: lost ? faultIn("") : undefined, lines: [...calls, ...measures] };
}

function judged<Part>(parts: readonly Part[], place: string, faultIn: FaultIn): Judged<Part>[] {
  return parts.map((part, at) => ({ part, fault: faultIn(`${place}.${at}`) }));
}

function kept<Part>(parts: readonly Judged<Part>[]): Part[] {
  return parts.flatMap(({ part, fault }) => (fault === undefined ? [part] : []));
}

/** What is told of parts that are left out: `flagged_idea`. */
function missed<Part>(
  what: "idea" | "campaign" | "line" | "image",
  parts: readonly Judged<Part>[],
  marketOf: (part: Part) => string | null = () => null,
): MissingPart[] {
  return parts.flatMap(({ part, fault }): MissingPart[] =>
    fault === undefined ? [] : [{ step: "synthesis", market: marketOf(part), reason: `${fault}_${what}` }],
  );
}
