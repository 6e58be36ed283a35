import { campaignDraft } from "./campaign-draft.ts";
import { campaignFacts } from "./campaign-facts.ts";
import { describedMarket } from "./market.ts";

/** The forms about campaigns that these rules can fill, by name; undefined for a message without the parts of one. */
export const campaignForms: Readonly<Record<string, (message: string) => object | undefined>> = {
  describe_market: describedMarket,
  submit_campaign(message) {
    const facts = campaignFacts(message);
    return facts.markets.length === 0 ? undefined : campaignDraft(facts);
  },
};
