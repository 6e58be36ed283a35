import { StateFailure, stateErrors } from "./failures.ts";

/** AWS's quota for the input or output of a state, a task or an execution, in bytes of UTF-8. */
export const maxPayloadBytes = 262_144;

/** Whether the JSON text of a value is longer than the quota. */
export function exceedsPayloadLimit(value: unknown): boolean {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return false;
  const text = JSON.stringify(value);
  if (text === undefined || text.length * 3 <= maxPayloadBytes) return false;
  return text.length > maxPayloadBytes || Buffer.byteLength(text) > maxPayloadBytes;
}

/** @throws StateFailure `States.DataLimitExceeded`, naming the state or resource that returned too much. */
export function checkPayload(value: unknown, source: string): void {
  if (!exceedsPayloadLimit(value)) return;
  throw new StateFailure(
    stateErrors.dataLimitExceeded,
    `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** AWS's quota for all variables together, in bytes of UTF-8. */
const maxVariablesBytes = 10 * 1024 * 1024;

/** @throws StateFailure `States.DataLimitExceeded` when the variables that a thread sees are too large together. */
export function checkVariables(variables: Readonly<Record<string, unknown>>, state: string): void {
  const values = Object.values(variables);
  // None is larger than a payload, so only many can be too large together.
  if (values.length * maxPayloadBytes <= maxVariablesBytes) return;
  if (Buffer.byteLength(JSON.stringify(variables)) <= maxVariablesBytes) return;
  throw new StateFailure(
    stateErrors.dataLimitExceeded,
    `The variables after the state '${state}' exceed the maximum number of bytes service limit.`,
  );
}
