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
