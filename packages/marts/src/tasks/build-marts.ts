import { task } from "@penstock/runtime";
import { BuildMartsInput, buildMarts } from "../build-marts.ts";
import { martsPorts } from "./marts-ports.ts";

/** Builds the marts on this machine. */
export const handler = task(BuildMartsInput, async (input, context) => {
  const summary = await buildMarts(input, martsPorts(context));
  context.metrics.addMetric(
    "MartRows",
    "Count",
    Object.values(summary.rows).reduce((sum, n) => sum + n, 0),
  );
  context.log.info("marts built", { ...summary });
  return summary;
});
