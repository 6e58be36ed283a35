import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandOutput,
} from "@aws-sdk/client-bedrock-runtime";
import * as v from "valibot";
import { awsFailure } from "../aws/failures.ts";
import {
  AccessDenied,
  ModelOutputInvalid,
  ModelThrottled,
  Throttled,
  UpstreamUnavailable,
} from "../errors.ts";
import { toolConfig, toolInput } from "./bedrock-tool.ts";
import type { ModelReply, ModelRequest, TextModel } from "./text-model.ts";
import { UnusableReply } from "./unusable-reply.ts";

/**
 * Which model really spoke, where Bedrock puts fields of a model's own (`additionalModelResponseFields`). The local cloud
 * fills it in unasked, so that its answers are never taken for a model's. On AWS nothing is asked for by
 * `additionalModelResponseFieldPaths`, so nothing stands there.
 */
const TrueModel = v.object({ offline: v.boolean(), name: v.string() });

/** How a reply ends that is whole; one that should have been a tool's call and is not is found by its content. */
const ENDED = new Set(["end_turn", "stop_sequence", "tool_use"]);

/** Errors of Bedrock's that pass, besides those of any service. */
const PASSING = new Set(["ModelNotReadyException", "ModelTimeoutException", "ModelErrorException"]);

/** What Nova's error says when a tool's input is longer than the reply may be, or has not its form. */
const BROKEN_TOOL = /invalid sequence as part of ToolUse/i;

/**
 * A model of Bedrock's, by the id of the model or of an inference profile. A reply that takes more than `seconds`, the
 * SDK's own retries included, is given up as {@link UpstreamUnavailable}.
 */
export function bedrockModel(
  client: Pick<BedrockRuntimeClient, "send">,
  modelId: string,
  { seconds }: { readonly seconds: number },
): TextModel {
  return {
    async complete(request) {
      const abortSignal = AbortSignal.timeout(seconds * 1000);
      const answer = await client
        .send(new ConverseCommand(conversation(modelId, request)), { abortSignal })
        .catch((error: unknown) => {
          if (abortSignal.aborted)
            throw new UpstreamUnavailable(`${modelId} did not reply within ${seconds} seconds; try again`, {
              cause: error,
            });
          return failed(modelId)(error);
        });
      return replyOf(answer, modelId, request);
    },
  };
}

function conversation(modelId: string, { system, messages, maxTokens, temperature, answer }: ModelRequest) {
  return {
    modelId,
    system: [{ text: system }],
    messages: messages.map(({ role, text }) => ({ role, content: [{ text }] })),
    inferenceConfig: { maxTokens, temperature },
    ...(answer === undefined ? {} : { toolConfig: toolConfig(answer) }),
  };
}

function replyOf(answer: ConverseCommandOutput, modelId: string, request: ModelRequest): ModelReply {
  const { output, stopReason, usage: used, additionalModelResponseFields: more } = answer;
  const usage = { inputTokens: used?.inputTokens ?? 0, outputTokens: used?.outputTokens ?? 0 };
  if (!ENDED.has(String(stopReason)))
    throw new UnusableReply(`${modelId} did not come to an end of its reply (${stopReason})`, usage);
  const content = output?.message?.content ?? [];
  const text =
    request.answer === undefined
      ? content.map((block) => block.text ?? "").join("")
      : toolInput(content, request.answer);
  if (text === undefined || text === "")
    throw new UnusableReply(
      `${modelId} replied without ${request.answer === undefined ? "text" : `one call of ${request.answer.name}`}`,
      usage,
    );
  const spoke = v.safeParse(TrueModel, more);
  return {
    text,
    model: spoke.success ? spoke.output.name : modelId,
    offline: spoke.success && spoke.output.offline,
    usage,
  };
}

/** An error of Bedrock's under our names; whatever says nothing of throttles, rights or outages stays as it is mapped. */
function failed(modelId: string): (error: unknown) => never {
  return (error) => {
    const { name, message } = error instanceof Error ? error : { name: "", message: "" };
    if (name === "ModelErrorException" && BROKEN_TOOL.test(message))
      throw new ModelOutputInvalid(`${modelId} broke off the call of its tool`, { cause: error });
    if (PASSING.has(name))
      throw new UpstreamUnavailable(`${modelId} is not to be had now (${name}); try again later`, {
        cause: error,
      });
    const known = awsFailure(modelId, error);
    if (known instanceof Throttled) throw new ModelThrottled(known.message, { cause: error });
    if (name === "ResourceNotFoundException")
      throw new AccessDenied(
        `${modelId} is no model that this account may use in this region; see the settings of the stage`,
        { cause: error },
      );
    throw known;
  };
}
