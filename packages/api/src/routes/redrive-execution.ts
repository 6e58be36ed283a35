import { RedrivenExecution } from "@penstock/contracts";
import * as v from "valibot";
import { route } from "../route.ts";
import { operators } from "../scopes.ts";
import { executionId } from "./show-execution.ts";

export const redriveExecution = route({
  method: "POST",
  path: "/api/executions/{id}/redrive",
  operation: "redriveExecution",
  summary: "Take a failed execution up again at the states that failed",
  description: "Its dead letter stays in the queue; `npx penstock redrive` takes up letters.",
  scopes: operators,
  params: executionId,
  query: v.strictObject({}),
  headers: v.strictObject({}),
  answer: {
    status: 202,
    description: "The execution goes on",
    name: "RedrivenExecution",
    schema: RedrivenExecution,
  },
  problems: ["not-found", "not-redrivable"],
  handle: async ({ params: { id } }, { executions }) => ({ body: await executions.redrive(id) }),
});
