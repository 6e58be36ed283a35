import { task } from "@penstock/runtime";
import { InspectInput, inspect } from "../inspect.ts";
import { lakePorts } from "./lake-ports.ts";

/** Reads one raw object's footer and decides where it goes. */
export const handler = task(InspectInput, (input, context) => inspect(input, lakePorts(context)));
