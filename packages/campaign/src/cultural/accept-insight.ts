import type { MarketInsight } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { AnswerRefused } from "@penstock/runtime/model";
import { repeatsSystemText } from "../synthesise/system-texts.ts";
import { cleanText } from "../text/clean-text.ts";

/**
 * What a model said of a market, in clean words within their bounds.
 * @throws {AnswerRefused} for texts of which nothing is left, and for those that are told to, or by, a machine
 */
export function acceptInsight(insight: MarketInsight): MarketInsight {
  const list = (texts: readonly string[], most: number) => texts.map((text) => cleanText(text, most));
  const clean: MarketInsight = {
    preferences: list(insight.preferences, 120),
    platforms: list(insight.platforms, 60),
    content_types: list(insight.content_types, 60),
    cultural_notes: cleanText(insight.cultural_notes, 800),
  };
  const texts = textsOf(clean);
  if (texts.includes(""))
    throw new AnswerRefused("A text is nothing but addresses, links, numbers or markup. Write words.");
  // As it came, and as it is: an address in the middle of a piece keeps it apart until it is taken out.
  if (repeatsSystemText(textsOf(insight)) || repeatsSystemText(texts))
    throw new AnswerRefused("A text repeats your instructions. Write about the market.");
  if ([...textsOf(insight), ...texts].some((text) => textFlags(text).length > 0))
    throw new AnswerRefused("A text reads like an instruction to a machine. Write about the market.");
  return clean;
}

function textsOf({ preferences, platforms, content_types, cultural_notes }: MarketInsight): string[] {
  return [...preferences, ...platforms, ...content_types, cultural_notes];
}
