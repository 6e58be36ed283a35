import type { LocalModel } from "../conversation.ts";
import { offlineName, offlineReply } from "./offline-model.ts";

/** Tokens are not counted by these rules; four characters are about one. */
const tokens = (text: string) => Math.ceil(text.length / 4);

/** The model that needs no network. */
export const offlineModel: LocalModel = {
  name: offlineName,
  offline: true,
  reply: async ({ system, turns }) => {
    const text = offlineReply(system, turns[0]?.text ?? "");
    const inputTokens = [system, ...turns.map((turn) => turn.text)].reduce(
      (sum, each) => sum + tokens(each),
      0,
    );
    return { text, stopReason: "end_turn", inputTokens, outputTokens: tokens(text) };
  },
};
