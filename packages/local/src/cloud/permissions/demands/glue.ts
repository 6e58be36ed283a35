import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, isRecord, optionalText } from "../facts.ts";

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
  if (ON_EVERYTHING.has(action)) return [{ action: `glue:${action}`, resource: "*" }];
  if (/Crawler/.test(action)) {
    const names = texts(parameters.CrawlerNames);
    const pass = named("Role") === "" ? [] : [passRole(named("Role"), facts)];
    return [...(names.length > 0 ? names : [named("Name")]).map((name) => on(`crawler/${name}`)), ...pass];
  }
  if (/Job/.test(action)) return [on(`job/${named("JobName") || named("Name")}`)];
  const input = (parameter: string) => nameOf(parameters[parameter]);
  // Only the list of databases has no database.
  const database = named("DatabaseName") || named("Name") || input("DatabaseInput");
  const single =
    named("TableName") || (named("DatabaseName") === "" ? "" : named("Name")) || input("TableInput");
  const tables = single === "" ? texts(parameters.TablesToDelete) : [single];
  return [
    on("catalog"),
    ...(database === "" ? [] : [on(`database/${database.toLowerCase()}`)]),
    ...tables.map((table) => on(`table/${database.toLowerCase()}/${table.toLowerCase()}`)),
  ];
}

/** Actions that Glue defines on no resource. */
const ON_EVERYTHING = new Set(["GetCrawlerMetrics", "GetCrawlers", "ListCrawlers"]);

function nameOf(input: unknown): string {
  return isRecord(input) ? optionalText(input, "Name") : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Who hands a role to a crawler must be allowed to. */
function passRole(role: string, { place }: Facts): Demand {
  return {
    action: "iam:PassRole",
    resource: role.startsWith("arn:") ? role : `arn:aws:iam::${place.account}:role/${role}`,
    context: { "iam:PassedToService": "glue.amazonaws.com" },
  };
}
