import { task } from "@penstock/runtime";
import { checkParity } from "../check-parity.ts";
import { PlannedInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Compares a sample of keys online and offline. */
export const handler = task(PlannedInput, async (input, context) => {
  const parity = await checkParity(input, featuresPorts(context));
  context.metrics.addMetric("ParityMismatches", "Count", parity.mismatches);
  context.log.info("online and offline compared", { ...parity });
  return parity;
});
