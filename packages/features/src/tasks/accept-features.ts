import { task } from "@penstock/runtime";
import { acceptFeatures } from "../accept-features.ts";
import { AcceptFeaturesInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Makes an attempt's features current. */
export const handler = task(AcceptFeaturesInput, async (input, context) => {
  const accepted = await acceptFeatures(input, featuresPorts(context));
  context.log.info("features accepted", { ...accepted });
  return accepted;
});
