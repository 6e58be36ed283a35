import { task } from "@penstock/runtime";
import { landInteractions } from "../land-interactions.ts";
import { LandInteractionsInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Lands a slice of the raw interactions. */
export const handler = task(LandInteractionsInput, async (input, context) => {
  const landed = await landInteractions(input, featuresPorts(context));
  context.metrics.addMetric("InteractionLines", "Count", landed.lines);
  context.metrics.addMetric("InteractionLinesRejected", "Count", landed.rejected);
  context.log.info("interactions landed", { ...landed });
  return landed;
});
