import { task } from "@penstock/runtime";
import { RefineInput, refine } from "../refine.ts";
import { lakePorts } from "./lake-ports.ts";
import { measured } from "./row-metrics.ts";

/** Refines one raw object on this machine. */
export const handler = task(RefineInput, async (input, context) =>
  measured(await refine(input, lakePorts(context)), context),
);
