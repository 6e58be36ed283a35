import { randomUUID } from "node:crypto";
import { answerJson } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import type { Call, Service } from "../gateway/call.ts";
import { parseParameters } from "../gateway/json-service.ts";
import { readBody } from "../gateway/request-body.ts";
import { type AnswerForm, conversationOf, type LocalModel, type Reply } from "./conversation.ts";

/** Bedrock takes 25 MB with documents and images; text needs less. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** The model's id in the path of a request, and what is asked of it: `converse`, `invoke`. */
export function modelCall({ request, path }: Call): { modelId: string; operation: string } | undefined {
  const found = request.method === "POST" ? /^\/model\/([^/]+)\/([a-z-]+)$/.exec(path) : null;
  const [, modelId = "", operation = ""] = found ?? [];
  return found === null ? undefined : { modelId: decodeURIComponent(modelId), operation };
}

/**
 * Bedrock's runtime with one model, whatever the id that is asked for. Which model spoke stands in every answer, asked
 * for or not, where Bedrock has fields of a model's own: `additionalModelResponseFields: { offline, name }`.
 */
export function bedrockService(model: LocalModel): Service {
  return {
    protocol: "rest-json",
    async handle(call) {
      const { operation } = modelCall(call) ?? {};
      if (operation !== "converse")
        throw new NotImplemented("bedrock", operation ?? `${call.request.method} ${call.path}`);
      const conversation = conversationOf(parseParameters(await readBody(call.request, LIMIT_BYTES)));
      const asked = performance.now();
      const { text, stopReason, inputTokens, outputTokens } = await model.reply(conversation);
      const said = saying(text, stopReason, conversation.form);
      answerJson(
        call,
        200,
        {
          output: { message: { role: "assistant", content: said.content } },
          stopReason: said.stopReason,
          usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
          metrics: { latencyMs: Math.round(performance.now() - asked) },
          additionalModelResponseFields: { offline: model.offline, name: model.name },
        },
        "application/json",
      );
    },
  };
}

/** A reply as Converse has it: the call of the form's tool, or text, which is also what an answer of another form is. */
function saying(text: string, stopReason: Reply["stopReason"], form: AnswerForm | undefined) {
  const input = form === undefined || stopReason !== "end_turn" ? undefined : jsonObject(text);
  if (form === undefined || input === undefined) return { content: [{ text }], stopReason };
  return {
    content: [{ toolUse: { toolUseId: `tooluse_${randomUUID()}`, name: form.name, input } }],
    stopReason: "tool_use",
  };
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
