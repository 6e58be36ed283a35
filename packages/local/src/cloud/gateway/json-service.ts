import type { IncomingMessage } from "node:http";
import { answerJson } from "./answer.ts";
import { AwsError, NotImplemented } from "./aws-error.ts";
import { type Call, type Caller, header, type Service } from "./call.ts";
import { readBody } from "./request-body.ts";

/** The parameters of a JSON call, not yet looked at. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One action of a JSON service: parameters in, result out. */
export type Action = (parameters: Parameters, caller: Caller) => unknown;

/** No request of most JSON services here may be larger: Step Functions' definitions are the largest, 1 MiB. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** The action's name in `X-Amz-Target: AWSEvents.PutEvents`. */
export function actionOf(call: Call): string {
  const target = header(call.request, "x-amz-target") ?? "";
  return target.slice(target.lastIndexOf(".") + 1);
}

/** The JSON object in a body; an empty body is an empty object. @throws {AwsError} SerializationException */
export function parseParameters(body: Buffer): Parameters {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AwsError("SerializationException", "The body is not a JSON object.");
  }
  return Object.fromEntries(Object.entries(value));
}

/** Parameters that were read already: the permissions of a call are looked at before its service is. */
const read = new WeakMap<IncomingMessage, Parameters>();

/**
 * The parameters of a JSON call; again, they are the same.
 * @throws {AwsError} SerializationException, 413
 */
export async function readParameters(request: IncomingMessage, limitBytes: number): Promise<Parameters> {
  const body = await readBody(request, limitBytes);
  const parameters = read.get(request) ?? parseParameters(body);
  read.set(request, parameters);
  return parameters;
}

/** A service of AWS's JSON protocol made of plain functions. An action that is not among them is NotImplemented. */
export function jsonService(
  name: string,
  version: "1.0" | "1.1",
  actions: Readonly<Record<string, Action>>,
  limitBytes = LIMIT_BYTES,
): Service {
  return {
    protocol: "json",
    async handle(call) {
      const action = actionOf(call);
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (run === undefined) throw new NotImplemented(name, action || "without an X-Amz-Target");
      const result = await run(await readParameters(call.request, limitBytes), call.caller);
      answerJson(call, 200, result ?? {}, `application/x-amz-json-${version}`);
    },
  };
}

/** A parameter that must be text. @throws {AwsError} ValidationException naming it */
export function text(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (typeof value !== "string" || value === "") {
    throw new AwsError("ValidationException", `The parameter ${name} must be a text that is not empty.`);
  }
  return value;
}
