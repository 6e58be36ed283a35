import * as v from "valibot";
import { AwsError } from "../gateway/aws-error.ts";
import type { AnswerForm, Conversation, LocalModel, Reply, Tools, Turn } from "./conversation.ts";
import { jsonObject } from "./tools.ts";

/** Where an OpenAI-compatible model is, as the environment says: `PENSTOCK_MODEL_URL`, `_NAME` and `_KEY`. */
export interface ModelEndpoint {
  /** Base of the API, such as `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  readonly name: string;
  /** Sent as a bearer token, and nowhere else. */
  readonly key: string | undefined;
}

/** The settings of the model do not fit together. */
export class InvalidModelEndpoint extends Error {
  override readonly name = "InvalidModelEndpoint";
}

/** The endpoint that the environment names; undefined where it names none. @throws {InvalidModelEndpoint} */
export function modelEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
): ModelEndpoint | undefined {
  const { PENSTOCK_MODEL_URL: url, PENSTOCK_MODEL_NAME: name, PENSTOCK_MODEL_KEY: key } = environment;
  if (!url) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new InvalidModelEndpoint("PENSTOCK_MODEL_URL is no http or https URL");
  if (!name)
    throw new InvalidModelEndpoint("PENSTOCK_MODEL_URL needs PENSTOCK_MODEL_NAME: which model is to answer");
  return { url, name, key: key || undefined };
}

/** Models on a laptop may take a minute; the SDK gives up later. */
const PATIENCE_MS = 90_000;

const Message = v.object({
  content: v.nullish(v.string()),
  tool_calls: v.nullish(
    v.array(v.object({ function: v.object({ name: v.string(), arguments: v.string() }) })),
  ),
});
const Completion = v.object({
  choices: v.pipe(
    v.array(v.object({ message: Message, finish_reason: v.nullish(v.string()) })),
    v.minLength(1),
  ),
  usage: v.nullish(v.object({ prompt_tokens: v.number(), completion_tokens: v.number() })),
});

/** A model behind an OpenAI-compatible API. */
export function chatCompletionsModel({ url, name, key }: ModelEndpoint): LocalModel {
  const target = `${url.replace(/\/+$/, "")}/chat/completions`;
  return {
    name,
    offline: false,
    async reply(conversation) {
      const answer = await fetch(target, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(requestOf(name, conversation)),
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch((error: unknown) => {
        const reason = error instanceof Error ? error.name : "unknown";
        throw new AwsError("ServiceUnavailableException", `${target} does not answer (${reason}).`, 503);
      });
      // What an endpoint says in an error may repeat what it was sent, so it goes no further.
      if (!answer.ok) {
        await answer.body?.cancel();
        throw failure(target, answer.status);
      }
      return replyOf(target, await answer.json().catch(() => undefined));
    },
  };
}

/** A conversation as chat completions have it. */
function requestOf(model: string, conversation: Conversation): object {
  const { system, turns, maxTokens, temperature, topP, stopSequences, form, tools } = conversation;
  return {
    model,
    messages: [...(system === "" ? [] : [{ role: "system", content: system }]), ...turns.flatMap(messagesOf)],
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stopSequences === undefined ? {} : { stop: stopSequences }),
    ...(form === undefined
      ? {}
      : { response_format: { type: "json_schema", json_schema: strictForm(form) } }),
    ...(tools === undefined ? {} : toolsOf(tools)),
  };
}

/** A turn, which is several messages where it answers several calls. */
function messagesOf({ role, text, calls = [], results = [] }: Turn): object[] {
  const answers = results.map(({ id, text: content }) => ({ role: "tool", tool_call_id: id, content }));
  if (calls.length === 0)
    return text === "" && answers.length > 0 ? answers : [...answers, { role, content: text }];
  const tool_calls = calls.map(({ id, name, input }) => ({
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
  return [{ role, content: text === "" ? null : text, tool_calls }];
}

/** Tools as functions. They are not strict: strict ones are not to be called several at once. */
function toolsOf({ specs, mustCall }: Tools): object {
  return {
    tools: specs.map(({ name, description, schema }) => ({
      type: "function",
      function: { name, description, parameters: schema },
    })),
    tool_choice: mustCall ? "required" : "auto",
  };
}

/** Strict schemas must say of every object that it has no other members; Nova's may not say so at the top. */
function strictForm({ name, description, schema }: AnswerForm): object {
  return { name, description, strict: true, schema: { ...schema, additionalProperties: false } };
}

const STOP_REASONS: Readonly<Record<string, Reply["stopReason"]>> = {
  stop: "end_turn",
  tool_calls: "end_turn",
  length: "max_tokens",
  content_filter: "content_filtered",
};

function replyOf(target: string, body: unknown): Reply {
  const parsed = v.safeParse(Completion, body);
  const [choice] = parsed.success ? parsed.output.choices : [];
  const stopReason = STOP_REASONS[choice?.finish_reason ?? "stop"];
  const calls = callsOf(choice?.message.tool_calls ?? [], stopReason);
  const text = choice?.message.content ?? (calls !== undefined && calls.length > 0 ? "" : undefined);
  const called = choice?.finish_reason !== "tool_calls" || (calls ?? []).length > 0;
  if (!parsed.success || text === undefined || calls === undefined || stopReason === undefined || !called)
    throw new AwsError(
      "ModelErrorException",
      `${target} does not answer with a chat completion of text or of calls of tools.`,
      424,
    );
  const { usage } = parsed.output;
  return {
    text,
    ...(calls.length > 0 && { calls }),
    stopReason,
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
  };
}

const Input = v.pipe(v.string(), v.parseJson(), jsonObject);

/** The calls of a message: none of one that was cut off; undefined where an input is no object of JSON. */
function callsOf(
  toolCalls: NonNullable<v.InferOutput<typeof Message>["tool_calls"]>,
  stopReason: Reply["stopReason"] | undefined,
): { name: string; input: Readonly<Record<string, unknown>> }[] | undefined {
  if (stopReason !== "end_turn") return [];
  const calls = toolCalls.map(({ function: { name, arguments: text } }) => {
    const input = v.safeParse(Input, text);
    return { name, input: input.success ? input.output : undefined };
  });
  const whole = calls.flatMap(({ name, input }) => (input === undefined ? [] : [{ name, input }]));
  return whole.length < calls.length ? undefined : whole;
}

/** What Bedrock would say of a model that fails so. */
function failure(target: string, status: number): AwsError {
  const said = `${target} answered ${status}`;
  if (status === 429) return new AwsError("ThrottlingException", `${said}: fewer calls, please.`, 429);
  if (status === 401 || status === 403)
    return new AwsError("AccessDeniedException", `${said}: see PENSTOCK_MODEL_KEY.`, 403);
  if (status >= 500) return new AwsError("ServiceUnavailableException", `${said}.`, 503);
  return new AwsError("ModelErrorException", `${said}: see PENSTOCK_MODEL_URL and PENSTOCK_MODEL_NAME.`, 424);
}
