import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText } from "../facts.ts";

/**
 * Which permissions Athena asks for: every action on a query is one on its workgroup.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
 */
export function athenaDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const ofQuery = facts.workGroupOf(optionalText(parameters, "QueryExecutionId"));
  const workgroup = ofQuery ?? (optionalText(parameters, "WorkGroup") || "primary");
  return [
    { action: `athena:${action}`, resource: regionalArn(facts.place, "athena", `workgroup/${workgroup}`) },
  ];
}
