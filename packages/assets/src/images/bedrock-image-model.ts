import { type BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { awsFailure } from "@penstock/runtime/aws";
import { AccessDenied, Throttled, UpstreamUnavailable } from "@penstock/runtime/errors";
import type { ImageAdapter } from "./image-adapter.ts";
import type { DrawOutcome, ImageModel } from "./image-model.ts";

/** Answers of the service's that say that it drew nothing, and may when it is asked later. */
const NOT_NOW = new Set([
  "ThrottlingException",
  "ServiceUnavailableException",
  "ServiceQuotaExceededException",
  "ModelNotReadyException",
  "InternalServerException",
]);
/** The same of what somebody has to put right before. */
const NOT_ALLOWED = new Set(["AccessDeniedException", "ResourceNotFoundException"]);
/** The request did not leave. */
const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** What Nova Canvas says when its filter stops a prompt. */
const FILTERED = /content filter/i;

/**
 * A model of Bedrock's that draws. It is asked once: the client's own second try, after an answer that did not come, could pay
 * a second time.
 * @param client one of a single attempt (`maxAttempts: 1`)
 */
export function bedrockImageModel(
  client: Pick<BedrockRuntimeClient, "send">,
  adapter: ImageAdapter,
  { modelId, seconds }: { readonly modelId: string; readonly seconds: number },
): ImageModel {
  return {
    async draw(drawing) {
      let body: Uint8Array;
      try {
        ({ body } = await client.send(
          new InvokeModelCommand({
            modelId,
            contentType: "application/json",
            accept: "application/json",
            body: JSON.stringify(adapter.request(drawing)),
          }),
          { abortSignal: AbortSignal.timeout(seconds * 1000) },
        ));
      } catch (error) {
        return failed(modelId, error);
      }
      const answered = adapter.answer(json(body));
      if (answered.answered === "filtered") return { outcome: "filtered" };
      if (answered.answered === "unreadable") return { outcome: "unknown", why: "no_picture" };
      const { base64, offline } = answered;
      return { outcome: "drawn", bytes: Buffer.from(base64, "base64"), model: modelId, offline };
    },
  };
}

function failed(modelId: string, error: unknown): DrawOutcome {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (name === "ValidationException")
    return FILTERED.test(message) ? { outcome: "filtered" } : { outcome: "refused", why: name };
  if (NOT_ALLOWED.has(name)) {
    const detail = `${modelId}: Bedrock does not let this account use it in this region (${name}); see the settings of the stage`;
    return { outcome: "not_paid", error: new AccessDenied(detail, { cause: error }) };
  }
  if (NOT_NOW.has(name) || NOT_SENT.has(code)) {
    const known = awsFailure(modelId, error);
    if (known instanceof Throttled) return { outcome: "not_paid", error: known };
    const detail = `${modelId} is not to be had now (${code || name}); try again later`;
    return { outcome: "not_paid", error: new UpstreamUnavailable(detail, { cause: error }) };
  }
  return { outcome: "unknown", why: code || name };
}

/** An answer's JSON; undefined where it is none. */
function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
