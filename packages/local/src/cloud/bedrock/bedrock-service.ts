import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { answerJson } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import type { Call, Service } from "../gateway/call.ts";
import { type Parameters, parseParameters } from "../gateway/json-service.ts";
import { readBody } from "../gateway/request-body.ts";
import { type AnswerForm, conversationOf, type LocalModel, type Reply } from "./conversation.ts";
import { invokeModel } from "./invoke-model.ts";

/** Bedrock takes 25 MB with documents and images; text needs less. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** The model's id in the path of a request, and what is asked of it: `converse`, `invoke`. */
export function modelCall({ request, path }: Call): { modelId: string; operation: string } | undefined {
  const found = request.method === "POST" ? /^\/model\/([^/]+)\/([a-z-]+)$/.exec(path) : null;
  const [, modelId = "", operation = ""] = found ?? [];
  return found === null ? undefined : { modelId: decodeURIComponent(modelId), operation };
}

/**
 * Bedrock's runtime with one model that talks, whatever the id that is asked for, and stand-ins for those that draw. Which
 * model spoke stands in every answer, asked for or not, where Bedrock has fields of a model's own:
 * `additionalModelResponseFields: { offline, name }`.
 *
 * @param delayMs waited before an answer, in real time
 */
export function bedrockService(model: LocalModel, delayMs = 0): Service {
  return {
    protocol: "rest-json",
    async handle(call) {
      const { modelId = "", operation = "" } = modelCall(call) ?? {};
      const answer = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (answer === undefined)
        throw new NotImplemented("bedrock", operation || `${call.request.method} ${call.path}`);
      const body = parseParameters(await readBody(call.request, LIMIT_BYTES));
      const asked = performance.now();
      if (delayMs > 0) await pause(delayMs);
      answerJson(call, 200, await answer(body, { model, modelId, asked }), "application/json");
    },
  };
}

type Operation = (
  body: Parameters,
  about: { readonly model: LocalModel; readonly modelId: string; readonly asked: number },
) => Promise<object>;

const operations: Readonly<Record<string, Operation>> = {
  async converse(body, { model, asked }) {
    const conversation = conversationOf(body);
    const reply = await model.reply(conversation);
    const { inputTokens, outputTokens } = reply;
    const said = saying(reply, conversation.form);
    return {
      output: { message: { role: "assistant", content: said.content } },
      stopReason: said.stopReason,
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      metrics: { latencyMs: Math.round(performance.now() - asked) },
      additionalModelResponseFields: { offline: model.offline, name: model.name },
    };
  },
  invoke: (body, { modelId }) => invokeModel(modelId, body),
};

/** A reply as Converse has it: calls of tools, the form's among them, or text, which is also what an answer of another form is. */
function saying({ text, calls = [], stopReason }: Reply, form: AnswerForm | undefined) {
  const filled = form === undefined || stopReason !== "end_turn" ? undefined : jsonObject(text);
  const called = form === undefined || filled === undefined ? calls : [{ name: form.name, input: filled }];
  if (called.length === 0) return { content: [{ text }], stopReason };
  const said = filled !== undefined || text.trim() === "" ? [] : [{ text }];
  const blocks = called.map(({ name, input }) => ({
    toolUse: { toolUseId: `tooluse_${randomUUID()}`, name, input },
  }));
  return {
    content: [...said, ...blocks],
    stopReason: stopReason === "end_turn" ? "tool_use" : stopReason,
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
