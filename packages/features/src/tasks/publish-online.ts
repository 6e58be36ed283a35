import { task } from "@penstock/runtime";
import { publishOnline } from "../publish-online.ts";
import { PublishOnlineInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Writes pieces of features into the online store. */
export const handler = task(PublishOnlineInput, async (input, context) => {
  const published = await publishOnline(input, featuresPorts(context));
  context.metrics.addMetric("OnlineFeaturesWritten", "Count", published.written);
  context.metrics.addMetric("OnlineFeaturesWithdrawn", "Count", published.withdrawn);
  context.log.info("features published", { ...published });
  return published;
});
