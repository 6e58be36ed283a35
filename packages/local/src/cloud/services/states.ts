import type { StepFunctions } from "../../stepfunctions/index.ts";
import { answerJson } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import type { Service } from "../gateway/call.ts";
import { actionOf, readParameters } from "../gateway/json-service.ts";

/** Definitions may have 1 MiB, and escaping can double them. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** Step Functions' API over the interpreter. */
export function statesService(stepFunctions: StepFunctions): Service {
  return {
    protocol: "json",
    async handle(call) {
      const action = actionOf(call);
      const parameters = await readParameters(call.request, LIMIT_BYTES);
      const { status, body } = await stepFunctions.handle(action, parameters);
      if (body.__type === "UnknownOperationException") throw new NotImplemented("states", action);
      if (typeof body.__type === "string") call.response.setHeader("x-amzn-errortype", body.__type);
      answerJson(call, status, body);
    },
  };
}
