import { task } from "@penstock/runtime";
import { FinishMartsInput, finishMarts } from "../finish-marts.ts";
import { martsPorts } from "./marts-ports.ts";

/** Writes the manifest of the marts that Glue built. */
export const handler = task(FinishMartsInput, async (input, context) => {
  const summary = await finishMarts(input, martsPorts(context));
  context.log.info("marts built", { ...summary });
  return summary;
});
