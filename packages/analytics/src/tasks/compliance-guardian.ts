import { task } from "@penstock/runtime";
import { complianceGuardian } from "../compliance-guardian.ts";
import { SystemInput } from "../system-input.ts";
import { analyticsPorts } from "./analytics-ports.ts";

/** Scores the risk of orders and audits where card data stood. */
export const handler = task(SystemInput, async (input, context) => {
  const summary = await complianceGuardian(input, analyticsPorts(context));
  context.log.info("reported", { ...summary });
  return summary;
});
