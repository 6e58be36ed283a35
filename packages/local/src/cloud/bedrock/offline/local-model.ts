import type { LocalModel } from "../conversation.ts";
import { formRules } from "./dna/answers.ts";
import { offlineName, offlineReply } from "./offline-model.ts";

/** Tokens are not counted by these rules; four characters are about one. */
const tokens = (text: string) => Math.ceil(text.length / 4);

/** The model that needs no network. */
export const offlineModel: LocalModel = {
  name: offlineName,
  offline: true,
  reply: async ({ system, turns, form }) => {
    const asked = turns[0]?.text ?? "";
    // What is asked is known by the form of the answer; without one it is a question over tables.
    const rules = form === undefined ? undefined : formRules[form.name];
    const text = rules === undefined ? offlineReply(system, asked) : JSON.stringify(rules(asked));
    const inputTokens = [system, ...turns.map((turn) => turn.text)].reduce(
      (sum, each) => sum + tokens(each),
      0,
    );
    return { text, stopReason: "end_turn", inputTokens, outputTokens: tokens(text) };
  },
};
