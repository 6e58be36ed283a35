import * as v from "valibot";
import { ConfigurationMissing } from "../errors.ts";
import { resource } from "../resource.ts";
import { bedrockModel } from "./bedrock.ts";
import { newBedrockClient } from "./bedrock-client.ts";
import type { ModelSettings } from "./model-settings.ts";
import { openAiModel } from "./openai.ts";
import type { TextModel } from "./text-model.ts";

/** What stands in the secret until somebody sets it. */
const NOT_SET = "not-set";

const Secret = v.object({ value: v.pipe(v.string(), v.nonEmpty()) });

/**
 * The model that a deployment names. OpenAI's key is the linked secret `OpenAiKey`, which is looked at only where it is
 * needed; where requests go is the SDK's own variable, `OPENAI_BASE_URL`.
 * @throws {ConfigurationMissing} for OpenAI without its key
 */
export function linkedModel({ provider, modelId, modelRegion, modelSeconds }: ModelSettings): TextModel {
  const limits = { seconds: modelSeconds };
  if (provider === "bedrock") return bedrockModel(newBedrockClient(modelRegion), modelId, limits);
  const { value: apiKey } = resource("OpenAiKey", Secret);
  if (apiKey === NOT_SET)
    throw new ConfigurationMissing(
      "the model is OpenAI's and there is no key: `sst secret set OpenAiKey …` for this stage",
    );
  return openAiModel({ apiKey }, modelId, limits);
}
