import { CopilotAnswer, CopilotQuestion } from "@penstock/contracts";
import * as v from "valibot";
import { checked } from "../checked.ts";
import { Problem } from "../problem.ts";
import { route } from "../route.ts";
import { analysts } from "../scopes.ts";

export const askTheCopilot = route({
  method: "POST",
  path: "/api/copilot",
  operation: "askTheCopilot",
  summary: "Ask the marts a question in words",
  description:
    "A model writes one query over the marts; it is run when it reads nothing else and not too much. The answer states it.",
  scopes: analysts,
  params: v.strictObject({}),
  query: v.strictObject({}),
  headers: v.strictObject({}),
  body: [{ name: "CopilotQuestion", schema: CopilotQuestion }],
  answer: {
    status: 200,
    description: "What the marts say, with the query and the model that wrote it",
    name: "CopilotAnswer",
    schema: CopilotAnswer,
  },
  problems: ["not-answered", "not-built", "too-large"],
  async handle({ json }, { askCopilot }) {
    const { question } = checked(CopilotQuestion, json(), "body");
    const asked = await askCopilot(question);
    if (asked.outcome === "answered") return { body: asked.answer, headers: { "cache-control": "no-store" } };
    throw new Problem("not-answered", asked.refusal.reason, { refusal: asked.refusal });
  },
});
