import type { Parameters } from "../../gateway/json-service.ts";
import { type Demand, regionalArn } from "../demand.ts";
import { type Facts, optionalText } from "../facts.ts";

/** Actions that Step Functions defines on no resource. */
const ON_EVERYTHING = new Set([
  "ListStateMachines",
  "SendTaskFailure",
  "SendTaskHeartbeat",
  "SendTaskSuccess",
  "TestState",
  "ValidateStateMachineDefinition",
]);

/** Parameters by which a request may name its resource. */
const NAMES = ["stateMachineArn", "executionArn", "mapRunArn", "resourceArn"];

/**
 * Which permissions Step Functions asks for.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export function statesDemands(action: string, parameters: Parameters, facts: Facts): readonly Demand[] {
  const demanded = `states:${action}`;
  if (ON_EVERYTHING.has(action)) {
    const role = optionalText(parameters, "roleArn");
    const pass = role === "" ? [] : [passRole(role)];
    return [{ action: demanded, resource: "*" }, ...pass];
  }
  const given = NAMES.map((name) => optionalText(parameters, name)).find((value) => value !== "");
  const resource =
    given ?? regionalArn(facts.place, "states", `stateMachine:${optionalText(parameters, "name")}`);
  const role = optionalText(parameters, "roleArn");
  return [{ action: demanded, resource }, ...(role === "" ? [] : [passRole(role)])];
}

/** Who hands a role to a service must be allowed to. */
function passRole(role: string): Demand {
  return {
    action: "iam:PassRole",
    resource: role,
    context: { "iam:PassedToService": "states.amazonaws.com" },
  };
}
