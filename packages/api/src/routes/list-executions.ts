import { ExecutionPage, ExecutionStatus } from "@penstock/contracts";
import * as v from "valibot";
import { Problem } from "../problem.ts";
import { route } from "../route.ts";
import { everybody } from "../scopes.ts";

const MOST = 100;
const USUAL = 20;

const limitMessage = `Give a whole number from 1 to ${MOST}.`;

export const listExecutions = route({
  method: "GET",
  path: "/api/executions",
  operation: "listExecutions",
  summary: "List executions, the latest start first",
  scopes: everybody,
  params: v.strictObject({}),
  query: v.strictObject({
    pipeline: v.optional(v.pipe(v.string(), v.description("Only executions of this pipeline"))),
    status: v.optional(ExecutionStatus),
    limit: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^([1-9][0-9]?|100)$/, limitMessage),
        v.description(`At most so many, from 1 to ${MOST}; ${USUAL} if not given`),
      ),
    ),
    token: v.optional(
      v.pipe(
        v.string(),
        v.description("`next_token` of the page before. Repeat the other parameters with it"),
      ),
    ),
  }),
  headers: v.strictObject({}),
  answer: {
    status: 200,
    description: "A page of executions",
    name: "ExecutionPage",
    schema: ExecutionPage,
  },
  problems: [],
  async handle({ query: { pipeline, status, limit, token } }, { executions }) {
    if (pipeline !== undefined && !executions.workflows.includes(pipeline)) {
      const detail = `There is no pipeline "${pipeline}". Give one of: ${executions.workflows.join(", ")}.`;
      throw new Problem("invalid-input", detail, { fields: [{ field: "pipeline", detail }] });
    }
    const page = { workflow: pipeline, status, limit: limit === undefined ? USUAL : Number(limit), token };
    return { body: await executions.list(page) };
  },
});
