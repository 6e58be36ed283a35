import { task } from "@penstock/runtime";
import { marketIntelligenceHub } from "../market-intelligence-hub.ts";
import { SystemInput } from "../system-input.ts";
import { analyticsPorts } from "./analytics-ports.ts";

/** Forecasts sales and tells their trends. */
export const handler = task(SystemInput, async (input, context) => {
  const summary = await marketIntelligenceHub(input, analyticsPorts(context));
  context.log.info("reported", { ...summary });
  return summary;
});
