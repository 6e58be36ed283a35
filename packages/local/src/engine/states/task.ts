import type { Branch } from "../branch.ts";
import { StateFailure, stateErrors } from "../failures.ts";
import { isInteger, isString } from "../fields.ts";
import { argumentProblem, checkArguments, isIntegration } from "../integrations.ts";
import { recoveryFields, withRecovery } from "../recovery.ts";
import { parseResource, type TaskTarget } from "../resource.ts";
import { commonFields, resultFields, type StateType, transition } from "../state.ts";
import { callTask, type TaskLimits } from "../task-call.ts";
import { EvaluationError } from "../template.ts";

const fieldNames = [
  "Next",
  "End",
  "Resource",
  "Arguments",
  "Output",
  "Assign",
  "TimeoutSeconds",
  "HeartbeatSeconds",
  "Credentials",
  "Retry",
  "Catch",
];

/** Has a service do something. */
export const task: StateType = {
  fields: new Set([...commonFields, ...fieldNames]),
  compile({ name, fields, outerVariables }) {
    const { next, targets, terminal } = transition(fields);
    const result = resultFields(fields, outerVariables);
    const recovery = recoveryFields(fields, outerVariables);
    fields.required("Resource");
    const resource = fields.string("Resource") ?? "";
    const target = parseResource(resource);
    if (fields.has("Resource") && target === undefined) {
      fields.note(
        "Not the ARN of a Lambda function or a service integration (activities do not run here)",
        "Resource",
      );
    } else if (target !== undefined && !isIntegration(target)) {
      fields.note(`The resource provided ${resource} is not recognized`, "Resource");
    } else if (target !== undefined) checkArguments(target, fields);
    const input = fields.template("Arguments");
    const timeout = fields.typed("TimeoutSeconds", isInteger, "integer");
    const heartbeat = fields.typed("HeartbeatSeconds", isInteger, "integer");
    for (const field of [timeout, heartbeat]) {
      if (field?.template.constant && !isPositive(field.template.value)) {
        fields.note("The value must be from 1 to 99999999", field.location);
      }
    }
    const limits = [timeout?.template.value, heartbeat?.template.value];
    if (isInteger(limits[0]) && isInteger(limits[1]) && limits[1] >= limits[0]) {
      fields.note("The value must be smaller than TimeoutSeconds", "HeartbeatSeconds");
    }
    const credentials = fields.object("Credentials");
    if (credentials !== undefined && !credentials.has("RoleArn")) {
      credentials.note("The field 'RoleArn' is required but was missing");
    }
    const role = credentials?.typed("RoleArn", isString, "string");

    const secondsOf = async (branch: Branch, field: typeof timeout) => {
      const seconds = await branch.typed(field);
      if (seconds === undefined || isPositive(seconds)) return seconds;
      const message = `The ${field?.location} field must be from 1 to 99999999 but was: ${seconds}`;
      throw branch.evaluationFailure(new EvaluationError(message, field?.location));
    };
    const attempt = async (branch: Branch, to: TaskTarget) => {
      const callback =
        to.kind === "integration" && to.pattern !== "response" ? branch.run.tokens.open() : undefined;
      branch.token = callback?.token;
      branch.changed();
      try {
        const payload = input === undefined ? branch.input : await branch.payload(input);
        const problem = argumentProblem(to, payload);
        if (problem !== undefined) throw new StateFailure(stateErrors.runtime, branch.explain(problem));
        const taskLimits: TaskLimits = {
          timeoutSeconds: await secondsOf(branch, timeout),
          heartbeatSeconds: await secondsOf(branch, heartbeat),
        };
        const credentialsRoleArn = await branch.typed(role);
        const output = await callTask(branch, {
          resource,
          target: to,
          payload,
          limits: taskLimits,
          credentialsRoleArn,
          callback,
        });
        return await branch.leave(next, result, output, { result: output });
      } finally {
        callback?.close();
      }
    };
    return {
      name,
      type: "Task",
      targets: [...targets, ...recovery.targets],
      terminal,
      run: async (branch) => {
        if (target === undefined)
          throw new Error(`The resource of '${name}' was accepted but cannot be read`);
        return withRecovery(branch, recovery, () => attempt(branch, target));
      },
    };
  },
};

function isPositive(value: unknown): boolean {
  return isInteger(value) && value >= 1 && value <= 99_999_999;
}
