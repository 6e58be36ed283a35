import { TaskFailure } from "../../engine/index.ts";
import type { SdkAnswer } from "../aws-clients.ts";
import { isRecord } from "./arguments.ts";

function payloadOf(answer: SdkAnswer): string {
  const { Payload } = answer.output;
  return Payload instanceof Uint8Array ? Buffer.from(Payload).toString("utf8") : "";
}

/** What a payload says, or itself where it is no JSON. */
function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

/**
 * The payload of an invocation, parsed; undefined for one that was only queued.
 * @throws {TaskFailure} named by what the function threw, the whole error object as cause
 */
export function functionResult(answer: SdkAnswer): unknown {
  const payload = payloadOf(answer);
  const value = payload === "" ? undefined : parsed(payload);
  if (answer.output.FunctionError === undefined) return value;
  const type = isRecord(value) ? value.errorType : undefined;
  throw new TaskFailure(typeof type === "string" && type !== "" ? type : "Lambda.Unknown", payload);
}
