import { task } from "@penstock/runtime";
import { judgeValidation } from "../judge-validation.ts";
import { PlannedInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Judges what was landed. */
export const handler = task(PlannedInput, async (input, context) => {
  const verdict = await judgeValidation(input, featuresPorts(context));
  context.metrics.addMetric("ValidationBroken", "Count", verdict.passed ? 0 : 1);
  context.log.info("interactions judged", { ...verdict });
  return verdict;
});
