import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { clients } from "@penstock/runtime/aws";
import type { ImageModelSettings } from "../settings.ts";
import { bedrockImageModel } from "./bedrock-image-model.ts";
import type { ImageModel } from "./image-model.ts";
import { novaCanvas } from "./nova-canvas.ts";
import { stability } from "./stability.ts";

const adapters = { stability, "nova-canvas": novaCanvas } as const;

/** The model that the deployment names, in the model's own region. */
export function linkedImageModel({ adapter, modelId, region, seconds }: ImageModelSettings): ImageModel {
  const client = new BedrockRuntimeClient({
    region,
    maxAttempts: 1,
    // HTTP/1.1: sessions of HTTP/2 do not survive that Lambda freezes the sandbox.
    requestHandler: clients.dynamo.config.requestHandler,
  });
  return bedrockImageModel(client, adapters[adapter], { modelId, seconds });
}
