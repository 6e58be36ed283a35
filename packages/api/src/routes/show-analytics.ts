import { SystemAnalytics, systems } from "@penstock/contracts";
import * as v from "valibot";
import { route } from "../route.ts";
import { analysts } from "../scopes.ts";

export const systemName = v.pipe(
  v.string(),
  v.description(`The system, one of: ${Object.keys(systems).join(", ")}`),
);

export const showAnalytics = route({
  method: "GET",
  path: "/api/analytics/{system}",
  operation: "showAnalytics",
  summary: "Show what there is of a system's analytics",
  description: "Before the first build there are the names of the reports, and null for all else.",
  scopes: analysts,
  params: v.strictObject({ system: systemName }),
  query: v.strictObject({}),
  headers: v.strictObject({}),
  answer: {
    status: 200,
    description: "The system, its current build and its reports",
    name: "SystemAnalytics",
    schema: SystemAnalytics,
  },
  problems: ["not-found"],
  async handle({ params: { system } }, { analytics }) {
    return { body: await (await analytics()).overview(system), headers: { "cache-control": "no-store" } };
  },
});
