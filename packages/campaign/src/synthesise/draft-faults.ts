import type { CampaignDraft } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { cleanDraft, draftTexts } from "./clean-draft.ts";

/** `flagged`: reads like an instruction to a machine. `empty`: nothing is left of it once addresses and markup are out. */
export type Fault = "flagged" | "empty";

/** A text that no campaign can have, by its place. What it says is not repeated. */
export interface FaultyText {
  readonly place: string;
  readonly fault: Fault;
}

/**
 * The texts of a draft that no campaign can have, in its order. They are looked at as they came and as they are used: cleaning
 * can hide what was meant, and can put it together.
 */
export function draftFaults(draft: CampaignDraft): FaultyText[] {
  const clean = draftTexts(cleanDraft(draft));
  return draftTexts(draft).flatMap(({ place, text }, at): FaultyText[] => {
    const used = clean[at]?.text ?? "";
    if ([...new Set([text, used])].some((each) => textFlags(each).length > 0))
      return [{ place, fault: "flagged" }];
    return used === "" ? [{ place, fault: "empty" }] : [];
  });
}

/** Places that are told of one fault: a model that makes it often makes it everywhere. */
const MOST_PLACES = 5;

const RULES = [
  ["empty", "nothing but addresses, links, numbers or markup. Write words."],
  ["flagged", "reads like an instruction to a machine. Write about the product."],
] as const satisfies readonly (readonly [Fault, string])[];

/** What is wrong and where, in words for the model. */
export function faultsTold(faults: readonly FaultyText[]): string {
  return RULES.flatMap(([kind, rule]) => {
    const places = faults.flatMap(({ place, fault }) => (fault === kind ? [place] : []));
    return places.length === 0 ? [] : [`${places.slice(0, MOST_PLACES).join(", ")}: ${rule}`];
  }).join(" ");
}
