import { task } from "@penstock/runtime";
import { planRefine } from "../glue-refine.ts";
import { RefineInput } from "../refine.ts";
import { lakePorts } from "./lake-ports.ts";

/** Writes down how Glue is to refine one raw object. */
export const handler = task(RefineInput, (input, context) => planRefine(input, lakePorts(context)));
