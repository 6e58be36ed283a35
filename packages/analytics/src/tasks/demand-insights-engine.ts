import { task } from "@penstock/runtime";
import { demandInsightsEngine } from "../demand-insights-engine.ts";
import { SystemInput } from "../system-input.ts";
import { analyticsPorts } from "./analytics-ports.ts";

/** Segments customers, values them and tells who may leave. */
export const handler = task(SystemInput, async (input, context) => {
  const summary = await demandInsightsEngine(input, analyticsPorts(context));
  context.log.info("reported", { ...summary });
  return summary;
});
