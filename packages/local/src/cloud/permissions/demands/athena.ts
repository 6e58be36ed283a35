import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText } from "../facts.ts";

/** Which permissions Athena asks for: every action on a query is one on its workgroup. */
export function athenaDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const workgroup = optionalText(parameters, "WorkGroup") || "primary";
  return [
    { action: `athena:${action}`, resource: regionalArn(facts.place, "athena", `workgroup/${workgroup}`) },
  ];
}
