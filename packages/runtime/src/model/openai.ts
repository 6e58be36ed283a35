import type OpenAI from "openai";
import * as v from "valibot";
import { AccessDenied, ModelThrottled, Unexpected, UpstreamUnavailable } from "../errors.ts";
import type { ModelReply, ModelRequest, TextModel } from "./text-model.ts";
import { UnusableReply } from "./unusable-reply.ts";

/** What the local cloud says in its answers beside the API's own members; OpenAI's have none of it. */
const Offline = v.object({ offline: v.literal(true) });

/** How OpenAI is reached. */
export interface OpenAiAccess {
  readonly apiKey: string;
}

/**
 * A model of OpenAI's, or behind an API like it (`OPENAI_BASE_URL`), by chat completions, which they all have. A reply
 * that takes more than `seconds`, the SDK's own two retries included, is given up as {@link UpstreamUnavailable}. What an
 * endpoint says in an error may repeat what it was sent, so it goes no further.
 */
export function openAiModel(
  { apiKey }: OpenAiAccess,
  modelId: string,
  { seconds }: { readonly seconds: number },
): TextModel {
  // The SDK takes a fifth of a second to load, which nobody pays who does not ask it.
  const loaded = import("openai").then((sdk) => ({
    sdk,
    client: new sdk.OpenAI({ apiKey, maxRetries: 2, timeout: seconds * 1000, logLevel: "off" }),
  }));
  return {
    async complete(request) {
      const { sdk, client } = await loaded;
      const signal = AbortSignal.timeout(seconds * 1000);
      const completion = await client.chat.completions
        .create(requestOf(modelId, request), { signal })
        .catch((error: unknown) => {
          if (error instanceof sdk.APIError) throw failed(modelId, error, seconds);
          throw error;
        });
      return replyOf(completion, modelId);
    },
  };
}

function requestOf(
  model: string,
  { system, messages, maxTokens, temperature, answer }: ModelRequest,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: [
      { role: "system", content: system },
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    max_completion_tokens: maxTokens,
    temperature,
    ...(answer === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema",
            json_schema: {
              name: answer.name,
              description: answer.description,
              strict: true,
              schema: { ...answer.schema },
            },
          },
        }),
  };
}

function replyOf(completion: OpenAI.ChatCompletion, modelId: string): ModelReply {
  const { choices, usage: used, model } = completion;
  const usage = { inputTokens: used?.prompt_tokens ?? 0, outputTokens: used?.completion_tokens ?? 0 };
  const [choice] = choices;
  if (choice?.finish_reason !== "stop")
    throw new UnusableReply(
      `${modelId} did not come to an end of its reply (${choice?.finish_reason})`,
      usage,
    );
  const { content, refusal } = choice.message;
  if (refusal) throw new UnusableReply(`${modelId} refuses to answer`, usage);
  if (!content) throw new UnusableReply(`${modelId} replied without text`, usage);
  return { text: content, model: model || modelId, offline: v.is(Offline, completion), usage };
}

/** An error of the API's under our names. Without a status nobody answered. */
function failed(
  modelId: string,
  { status, code }: { readonly status?: number | undefined; readonly code?: string | null | undefined },
  seconds: number,
): Error {
  if (status === undefined)
    return new UpstreamUnavailable(
      `${modelId} could not be reached, or did not reply within ${seconds} seconds; try again`,
    );
  if (status === 429 && code !== "insufficient_quota")
    return new ModelThrottled(`${modelId}: fewer calls, please (429)`);
  if (status === 429 || status === 401 || status === 403 || status === 404)
    return new AccessDenied(
      `${modelId} is not to be had with this key (${status}); see OpenAiKey and the model's name`,
    );
  if (status >= 500 || status === 408 || status === 409)
    return new UpstreamUnavailable(`${modelId} is not to be had now (${status}); try again later`);
  return new Unexpected(`${modelId} does not take such a request (${status})`);
}
