import { task } from "@penstock/runtime";
import { profileFeatures } from "../profile-features.ts";
import { ProfileFeaturesInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Measures the features of an attempt. */
export const handler = task(ProfileFeaturesInput, async (input, context) => {
  const { greatest_psi, ...profiled } = await profileFeatures(input, featuresPorts(context));
  context.metrics.addMetric("DriftedFeatures", "Count", profiled.drifted.length);
  context.metrics.addMetric("AllNullFeatures", "Count", profiled.null_everywhere.length);
  if (greatest_psi !== null) context.metrics.addMetric("GreatestPsi", "Count", greatest_psi);
  context.log.info("features profiled", { ...profiled });
  return profiled;
});
