import { task } from "@penstock/runtime";
import { planFeatures } from "../plan-features.ts";
import { PlanFeaturesInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Plans a run. */
export const handler = task(PlanFeaturesInput, async (input, context) => {
  const planned = await planFeatures(input, featuresPorts(context));
  context.log.info("features planned", { ...planned });
  return planned;
});
