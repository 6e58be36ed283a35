import { task } from "@penstock/runtime";
import { FinishRefineInput, finishRefine } from "../glue-refine.ts";
import { lakePorts } from "./lake-ports.ts";
import { measured } from "./row-metrics.ts";

/** Checks what Glue made of one raw object and puts it in place. */
export const handler = task(FinishRefineInput, async (input, context) =>
  measured(await finishRefine(input, lakePorts(context)), context),
);
