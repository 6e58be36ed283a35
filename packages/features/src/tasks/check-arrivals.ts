import { task } from "@penstock/runtime";
import { checkArrivals } from "../check-arrivals.ts";
import { PlannedInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Says what is unusual about what arrived. */
export const handler = task(PlannedInput, (input, context) => checkArrivals(input, featuresPorts(context)));
