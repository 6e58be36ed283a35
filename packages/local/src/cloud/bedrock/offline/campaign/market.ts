import { campaignFacts, cut } from "./campaign-facts.ts";
import { countryOf } from "./countries.ts";

/**
 * What to know about the market that a message names: the form `describe_market`. Undefined for a message that names none.
 */
export function describedMarket(message: string): object | undefined {
  const { markets, product, category, labels } = campaignFacts(message);
  const [market] = markets;
  if (market === undefined) return undefined;
  const { languages, platforms, holidays, likes, continent } = countryOf(market.code);
  const thing = cut(category ?? product, 60);
  return {
    preferences: [
      likes,
      `Texts in ${languages.join(" or ")}`,
      `A fair comparison with other ${thing}`,
      ...(labels.length === 0 ? [] : [cut(`A look of ${labels.slice(0, 2).join(" and ")}`, 120)]),
    ],
    platforms,
    content_types: ["Short videos of use", "Pictures from all sides", "Answers to questions"],
    cultural_notes: `${market.name} is in ${continent}. People speak ${languages.join(" and ")}. Days on which people give and buy: ${holidays.join(", ")}. These notes come from a small table and not from a language model.`,
  };
}
