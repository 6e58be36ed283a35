import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText } from "../facts.ts";

/**
 * Which permissions Athena asks for: every action on a query is one on its workgroup.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
 */
export function athenaDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const demanded = `athena:${action}`;
  if (action === "ListWorkGroups") return [{ action: demanded, resource: "*" }];
  const ids = Array.isArray(parameters.QueryExecutionIds) ? parameters.QueryExecutionIds.map(String) : [];
  const queries = [...ids, optionalText(parameters, "QueryExecutionId")].filter((id) => id !== "");
  const named = optionalText(parameters, "WorkGroup") || optionalText(parameters, "Name") || "primary";
  const groups = queries.length === 0 ? [named] : queries.map((id) => facts.workGroupOf(id) ?? named);
  return [...new Set(groups)].map((group) => ({
    action: demanded,
    resource: regionalArn(facts.place, "athena", `workgroup/${group}`),
  }));
}
