import { modelCall } from "../../bedrock/bedrock-service.ts";
import type { Call } from "../../gateway/call.ts";
import type { Demand } from "../demand.ts";
import type { Facts } from "../facts.ts";

/** How ids of inference profiles over several regions begin; the rest is the model's own id. */
const PROFILE = /^(?:us|us-gov|eu|apac|au|ca|jp|global)\.(.+)$/;

/**
 * Which permissions Bedrock's runtime asks for: Converse is `bedrock:InvokeModel`, on the model or, through an inference
 * profile, on the profile and the model behind it. On AWS the model is asked for in each region of the profile; here in
 * the one that is called.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
export function bedrockDemands(call: Call, { place }: Facts): readonly Demand[] {
  const { modelId } = modelCall(call) ?? {};
  if (modelId === undefined) return [];
  const demand = (resource: string): Demand => ({ action: "bedrock:InvokeModel", resource });
  if (modelId.startsWith("arn:")) return [demand(modelId)];
  const model = (id: string) => demand(`arn:aws:bedrock:${call.region}::foundation-model/${id}`);
  const behind = PROFILE.exec(modelId)?.[1];
  if (behind === undefined) return [model(modelId)];
  return [
    demand(`arn:aws:bedrock:${call.region}:${place.account}:inference-profile/${modelId}`),
    model(behind),
  ];
}
