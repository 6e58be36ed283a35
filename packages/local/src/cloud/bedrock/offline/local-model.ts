import type { Conversation, LocalModel, Reply } from "../conversation.ts";
import { agentCalls, isCampaignAgent } from "./campaign/agent.ts";
import { campaignForms } from "./campaign/answers.ts";
import { formRules } from "./dna/answers.ts";
import { offlineName, offlineReply } from "./offline-model.ts";

/** Tokens are not counted by these rules; four characters are about one. */
const tokens = (text: string) => Math.ceil(text.length / 4);

/** What is asked is known by the tools, or by the form of the answer. */
const forms: Readonly<Record<string, (message: string) => object | undefined>> = {
  ...formRules,
  ...campaignForms,
};

/** The model that needs no network. */
export const offlineModel: LocalModel = {
  name: offlineName,
  offline: true,
  reply: async (conversation) => {
    const { text, calls = [] } = said(conversation);
    const read = [conversation.system, ...conversation.turns.flatMap(textsOf)];
    const written = [text, ...calls.map(({ input }) => JSON.stringify(input))];
    return {
      text,
      ...(calls.length > 0 && { calls }),
      stopReason: "end_turn",
      inputTokens: read.reduce((sum, each) => sum + tokens(each), 0),
      outputTokens: written.reduce((sum, each) => sum + tokens(each), 0),
    };
  },
};

function said(conversation: Conversation): Pick<Reply, "text" | "calls"> {
  const { system, turns, form } = conversation;
  const asked = turns[0]?.text ?? "";
  const calls = isCampaignAgent(conversation) ? agentCalls(conversation) : [];
  if (calls.length > 0) return { text: "", calls };
  const rules = form !== undefined && Object.hasOwn(forms, form.name) ? forms[form.name] : undefined;
  const filled = rules?.(asked);
  // Without either it is a question over tables.
  return { text: filled === undefined ? offlineReply(system, asked) : JSON.stringify(filled) };
}

function textsOf({ text, calls = [], results = [] }: Conversation["turns"][number]): string[] {
  return [text, ...calls.map(({ input }) => JSON.stringify(input)), ...results.map((result) => result.text)];
}
