import { task } from "@penstock/runtime";
import { PlanMartsInput, planMarts } from "../plan-marts.ts";
import { martsPorts } from "./marts-ports.ts";

/** Decides which engine builds the marts. */
export const handler = task(PlanMartsInput, (input, context) => planMarts(input, martsPorts(context)));
