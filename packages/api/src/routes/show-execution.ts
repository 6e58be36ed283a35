import { Execution } from "@penstock/contracts";
import * as v from "valibot";
import { route } from "../route.ts";
import { everybody } from "../scopes.ts";

export const executionId = v.strictObject({
  id: v.pipe(v.string(), v.description("The execution's id: `<pipeline>:<name>`")),
});

export const showExecution = route({
  method: "GET",
  path: "/api/executions/{id}",
  operation: "showExecution",
  summary: "Show an execution with its states and their times",
  scopes: everybody,
  params: executionId,
  query: v.strictObject({}),
  headers: v.strictObject({}),
  answer: { status: 200, description: "The execution", name: "Execution", schema: Execution },
  problems: ["not-found"],
  handle: async ({ params: { id } }, { executions }) => ({ body: await executions.show(id) }),
});
