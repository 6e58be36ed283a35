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
import type { ModelReply, ModelRequest, TextModel } from "./text-model.ts";

/**
 * Which model really spoke, where Bedrock puts fields of a model's own (`additionalModelResponseFields`). The local cloud
 * fills it in unasked, so that its answers are never taken for a model's. On AWS nothing is asked for by
 * `additionalModelResponseFieldPaths`, so nothing stands there.
 */
const TrueModel = v.object({ offline: v.boolean(), name: v.string() });

/** Errors of Bedrock's that pass, besides those of any service. */
const PASSING = new Set(["ModelNotReadyException", "ModelTimeoutException", "ModelErrorException"]);

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
      return replyOf(answer, modelId);
    },
  };
}

function conversation(modelId: string, { system, messages, maxTokens, temperature }: ModelRequest) {
  return {
    modelId,
    system: [{ text: system }],
    messages: messages.map(({ role, text }) => ({ role, content: [{ text }] })),
    inferenceConfig: { maxTokens, temperature },
  };
}

function replyOf(answer: ConverseCommandOutput, modelId: string): ModelReply {
  const { output, stopReason, usage, additionalModelResponseFields: more } = answer;
  if (stopReason !== "end_turn" && stopReason !== "stop_sequence")
    throw new ModelOutputInvalid(`${modelId} did not come to an end of its reply (${stopReason})`);
  const text = (output?.message?.content ?? []).map((block) => block.text ?? "").join("");
  if (text === "") throw new ModelOutputInvalid(`${modelId} replied without text`);
  const spoke = v.safeParse(TrueModel, more);
  return {
    text,
    model: spoke.success ? spoke.output.name : modelId,
    offline: spoke.success && spoke.output.offline,
    usage: { inputTokens: usage?.inputTokens ?? 0, outputTokens: usage?.outputTokens ?? 0 },
  };
}

/** An error of Bedrock's under our names; whatever says nothing of throttles, rights or outages stays as it is mapped. */
function failed(modelId: string): (error: unknown) => never {
  return (error) => {
    const name = error instanceof Error ? error.name : "";
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
