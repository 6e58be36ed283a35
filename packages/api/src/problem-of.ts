import { Throttled, UpstreamUnavailable } from "@penstock/runtime/errors";
import {
  InvalidExecution,
  InvalidPageToken,
  NameTaken,
  NotRedrivable,
  UnknownExecution,
  UnknownWorkflow,
} from "@penstock/runtime/executions";
import { Problem } from "./problem.ts";

/** Seconds after which it is worth trying again what a service was too busy for. */
const RETRY_AFTER = "5";

/** The problem that a failure is for the caller. Of a fault of ours it says nothing: the log has it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UnknownExecution || error instanceof UnknownWorkflow)
    return new Problem("not-found", error.message);
  if (error instanceof InvalidPageToken) {
    return new Problem("invalid-input", error.message, {
      fields: [{ field: "token", detail: error.message }],
    });
  }
  if (error instanceof InvalidExecution) {
    return new Problem("invalid-input", error.message, {
      fields: [{ field: "body", detail: error.message }],
    });
  }
  if (error instanceof NameTaken)
    return new Problem("key-reused", `${error.message} Use another key for another input.`);
  if (error instanceof NotRedrivable) return new Problem("not-redrivable", error.message);
  if (error instanceof Throttled || error instanceof UpstreamUnavailable) {
    return new Problem("unavailable", `Try again in ${RETRY_AFTER} seconds.`, {
      headers: { "retry-after": RETRY_AFTER },
    });
  }
  return new Problem("internal", "The request could not be served. It was logged under its request id.");
}
