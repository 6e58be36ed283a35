import { AthenaClient } from "@aws-sdk/client-athena";
import { task } from "@penstock/runtime";
import { retailCopilot } from "../retail-copilot.ts";
import { SystemInput } from "../system-input.ts";
import { analyticsPorts } from "./analytics-ports.ts";
import { athenaHistory } from "./athena-history.ts";

const athena = new AthenaClient({});

/** Tells what is asked of the marts. */
export const handler = task(SystemInput, async (input, context) => {
  const ports = analyticsPorts(context);
  const history = athenaHistory(athena, ports.settings.workgroup);
  const summary = await retailCopilot(input, { ...ports, history });
  context.log.info("reported", { ...summary });
  return summary;
});
