import type { Conversation, Reply } from "../../conversation.ts";
import { campaignDraft } from "./campaign-draft.ts";
import { campaignFacts, marketsIn } from "./campaign-facts.ts";

/** Name of the tool that takes the whole campaign. */
const SUBMIT = "submit_campaign";
/** Labels that are asked for. */
const LABELS = 20;

type Calls = NonNullable<Reply["calls"]>;

/** Whether a conversation is an agent's that is to make a campaign. */
export function isCampaignAgent({ tools }: Conversation): boolean {
  return tools?.specs.some(({ name }) => name === SUBMIT) === true;
}

/**
 * What the agent does next: all its tools at once, each market of the first message by itself; with the results the whole
 * campaign. None for a message that names no markets.
 */
export function agentCalls({ turns, tools }: Conversation): Calls {
  const message = turns[0]?.text ?? "";
  const markets = marketsIn(message);
  if (markets.length === 0) return [];
  const results = turns.flatMap((turn) => turn.results ?? []);
  if (results.length > 0) {
    const told = results.filter(({ failed }) => !failed).map(({ text }) => text);
    return [{ name: SUBMIT, input: campaignDraft(campaignFacts(message, told)) }];
  }
  const wanted: Calls = [
    { name: "image_analysis", input: { max_labels: LABELS } },
    { name: "data_enrichment", input: { keywords: null } },
    ...markets.map(({ code }) => ({ name: "cultural_intelligence", input: { market: code } })),
  ];
  const there = new Set(tools?.specs.map(({ name }) => name));
  return wanted.filter(({ name }) => there.has(name));
}
