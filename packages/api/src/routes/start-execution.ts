import { ExecutionSummary, isStartable, workflowInputs } from "@penstock/contracts";
import * as v from "valibot";
import { checked } from "../checked.ts";
import { Problem } from "../problem.ts";
import { route } from "../route.ts";
import { everybody } from "../scopes.ts";

/** `raw-to-curated` → `RawToCuratedInput`. */
function contractName(workflow: string): string {
  const words = workflow.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Input`;
}

const startable = Object.keys(workflowInputs).sort();

export const startExecution = route({
  method: "POST",
  path: "/api/pipelines/{name}/executions",
  operation: "startExecution",
  summary: "Start a pipeline",
  description:
    "The body is the pipeline's input. Repeated with the same Idempotency-Key and the same input, it answers with the execution that was started first.",
  scopes: everybody,
  params: v.strictObject({
    name: v.pipe(v.string(), v.description(`One of: ${startable.join(", ")}`)),
  }),
  query: v.strictObject({}),
  headers: v.strictObject({
    "idempotency-key": v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^[A-Za-z0-9._-]{1,80}$/,
          "Give 1 to 80 letters, digits, dots, dashes and underscores: it becomes the execution's name.",
        ),
        v.description("Becomes the execution's name. Each key is used for one input only"),
      ),
    ),
  }),
  body: Object.entries(workflowInputs).map(([name, schema]) => ({ name: contractName(name), schema })),
  answer: {
    status: 201,
    description: "The execution that was started, now or by an earlier request with this key",
    name: "ExecutionSummary",
    schema: ExecutionSummary,
  },
  problems: ["not-found", "key-reused", "too-large"],
  async handle({ params: { name }, headers, json }, { executions }) {
    if (!isStartable(name) || !executions.workflows.includes(name)) {
      throw new Problem(
        "not-found",
        `There is no pipeline "${name}" that may be started by hand. There are: ${startable.join(", ")}.`,
      );
    }
    const input = checked(workflowInputs[name], json(), "body");
    const started = await executions.start(name, input, headers["idempotency-key"]);
    return { body: started, headers: { location: `/api/executions/${encodeURIComponent(started.id)}` } };
  },
});
