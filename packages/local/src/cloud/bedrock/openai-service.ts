import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as v from "valibot";
import { AwsError } from "../gateway/aws-error.ts";
import { type Listening, listen } from "../gateway/listen.ts";
import { readBody } from "../gateway/request-body.ts";
import type { Conversation, LocalModel, Reply } from "./conversation.ts";

const LIMIT_BYTES = 4 * 1024 * 1024;

const tokens = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)));
const turn = (role: "user" | "assistant") => v.strictObject({ role: v.literal(role), content: v.string() });
const Request = v.strictObject({
  model: v.string(),
  messages: v.pipe(
    v.array(
      v.variant("role", [
        v.strictObject({ role: v.literal("system"), content: v.string() }),
        turn("user"),
        turn("assistant"),
      ]),
    ),
    v.minLength(1),
  ),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  top_p: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  response_format: v.optional(
    v.strictObject({
      type: v.literal("json_schema"),
      json_schema: v.strictObject({
        name: v.string(),
        description: v.optional(v.string(), ""),
        strict: v.literal(true),
        schema: v.looseObject({ type: v.literal("object"), additionalProperties: v.literal(false) }),
      }),
    }),
  ),
});

/** An error as the API's clients read it. */
class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * OpenAI's API on the loopback with one model, whatever is asked for: `POST <endpoint>/v1/chat/completions` with text and,
 * at most, the strict form of the answer. Any key is taken, none is not. `offline` stands in every answer beside the API's
 * own members, so that rules are never taken for a model.
 */
export function openOpenAiService(model: LocalModel): Promise<Listening> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // A caller that goes away must not take the cloud with it.
    request.on("error", () => {});
    response.on("error", () => {});
    answerTo(model, request)
      .catch((error: unknown) => failure(error))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
  });
  return listen(server, 0);
}

async function answerTo(
  model: LocalModel,
  request: IncomingMessage,
): Promise<{ status: number; body: object }> {
  if (request.method !== "POST" || request.url !== "/v1/chat/completions")
    throw new ApiError(404, "The local cloud has chat completions of this API, and nothing else.");
  if (!/^Bearer \S/.test(request.headers.authorization ?? ""))
    throw new ApiError(401, "The request has no API key.");
  const body = await readBody(request, LIMIT_BYTES);
  const reply = await model.reply(conversationOf(body));
  return { status: 200, body: completionOf(model, reply) };
}

function conversationOf(body: Buffer): Conversation {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Request), body.toString("utf8"));
  if (!parsed.success) {
    const [first] = parsed.issues;
    throw new ApiError(400, `${v.getDotPath(first) ?? "The request"}: ${first.message}`);
  }
  const { messages, temperature, top_p: topP, response_format: format } = parsed.output;
  return {
    system: messages.flatMap(({ role, content }) => (role === "system" ? [content] : [])).join("\n"),
    turns: messages.flatMap(({ role, content }) => (role === "system" ? [] : [{ role, text: content }])),
    maxTokens: parsed.output.max_completion_tokens ?? parsed.output.max_tokens,
    temperature,
    topP,
    stopSequences: undefined,
    form: format?.json_schema,
  };
}

const FINISH_REASONS: Readonly<Record<Reply["stopReason"], string>> = {
  end_turn: "stop",
  max_tokens: "length",
  content_filtered: "content_filter",
};

function completionOf(model: LocalModel, { text, stopReason, inputTokens, outputTokens }: Reply): object {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: model.name,
    offline: model.offline,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, refusal: null },
        finish_reason: FINISH_REASONS[stopReason],
      },
    ],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  };
}

/** What failed, as the API says it. A model behind this one has Bedrock's names, which its clients would not know. */
function failure(error: unknown): { status: number; body: object } {
  const status = error instanceof ApiError ? error.status : error instanceof AwsError ? error.status : 500;
  const message = error instanceof Error ? error.message : "The local cloud failed.";
  return {
    status: status === 424 ? 502 : status,
    body: { error: { message, type: "invalid_request_error", param: null, code: null } },
  };
}
