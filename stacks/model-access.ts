import { account } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";

/** A model behind an inference profile of Bedrock's. */
interface ProfiledModel {
  readonly modelId: string;
  readonly modelRegion: string;
  readonly foundationModel: string;
  readonly foundationRegions: readonly string[];
}

/** To ask a model: its profile, and through it the model itself wherever the profile passes the request on to. */
export function askingModel({
  modelId,
  modelRegion,
  foundationModel,
  foundationRegions,
}: ProfiledModel): Grant {
  return {
    actions: ["bedrock:InvokeModel"],
    resources: [
      $interpolate`arn:aws:bedrock:${modelRegion}:${account}:inference-profile/${modelId}`,
      ...foundationRegions.map((region) => `arn:aws:bedrock:${region}::foundation-model/${foundationModel}`),
    ],
  };
}
