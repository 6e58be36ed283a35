import { task } from "@penstock/runtime";
import { globalMarketPulse } from "../global-market-pulse.ts";
import { SystemInput } from "../system-input.ts";
import { analyticsPorts } from "./analytics-ports.ts";

/** Finds opportunities and compares regions. */
export const handler = task(SystemInput, async (input, context) => {
  const summary = await globalMarketPulse(input, analyticsPorts(context));
  context.log.info("reported", { ...summary });
  return summary;
});
