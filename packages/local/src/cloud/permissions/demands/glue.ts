import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText } from "../facts.ts";

/**
 * Which permissions Glue asks for. Of a table its database and the catalogue need the permission too:
 * https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
 */
export function glueDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const on = (resource: string): Demand => ({
    action: `glue:${action}`,
    resource: regionalArn(facts.place, "glue", resource),
  });
  const named = (parameter: string) => optionalText(parameters, parameter);
  if (/Crawler/.test(action)) return [on(`crawler/${named("Name")}`)];
  if (/Job/.test(action)) return [on(`job/${named("JobName") || named("Name")}`)];
  const database = named("DatabaseName") || named("Name");
  const table = named("TableName") || (named("DatabaseName") === "" ? "" : named("Name"));
  return [
    on("catalog"),
    ...(database === "" ? [] : [on(`database/${database}`)]),
    ...(table === "" ? [] : [on(`table/${database}/${table}`)]),
  ];
}
