import { InteractionBatch, InteractionsTaken } from "@penstock/contracts";
import * as v from "valibot";
import { checked } from "../checked.ts";
import { route } from "../route.ts";
import { senders } from "../scopes.ts";

/** 500 interactions of two KiB each: texts as long as they may be. */
const BATCH_BYTES = 1024 * 1024;

export const sendInteractions = route({
  method: "POST",
  path: "/api/interactions",
  operation: "sendInteractions",
  summary: "Send what people did with products",
  description: `All of a batch or nothing of it, in at most ${BATCH_BYTES / 1024} KiB. They are in the lake minutes later, in the folder of the day that their timestamp names in UTC. One that is sent again, with the same \`interaction_id\`, counts once. A batch of too many different days (400, \`too-many-days\`) is refused: send what lies long ago day by day. Of a batch that the stream was too busy for (503, \`not-taken\`), \`errors\` names the interactions to send again: the others are taken.`,
  scopes: senders,
  params: v.strictObject({}),
  query: v.strictObject({}),
  headers: v.strictObject({}),
  body: [{ name: "InteractionBatch", schema: InteractionBatch }],
  bodyLimitBytes: BATCH_BYTES,
  answer: {
    status: 202,
    description: "They are taken, and on their way into the lake",
    name: "InteractionsTaken",
    schema: InteractionsTaken,
  },
  problems: ["too-many-days", "too-large", "not-taken"],
  async handle({ json }, services) {
    const { interactions } = checked(InteractionBatch, json(), "body");
    await services.sendInteractions(interactions);
    return { body: { taken: interactions.length } };
  },
});
