import {
  ModelOutputInvalid,
  ModelThrottled,
  QueryFailed,
  Throttled,
  TooLarge,
  UpstreamUnavailable,
} from "@penstock/runtime/errors";
import {
  InvalidExecution,
  InvalidPageToken,
  NameTaken,
  NotRedrivable,
  UnknownExecution,
  UnknownWorkflow,
} from "@penstock/runtime/executions";
import { BuildGone, InvalidFilter, NothingBuilt, UnknownReport } from "./analytics/errors.ts";
import { AheadOfTime } from "./interactions/ahead-of-time.ts";
import { NotTaken } from "./interactions/not-taken.ts";
import { TooManyDays } from "./interactions/too-many-days.ts";
import { Problem, RETRY_AFTER } from "./problem.ts";

/** Seconds after which a build may be there: it takes minutes. */
const RETRY_AFTER_BUILD = "60";

/** The problem that a failure is for the caller. Of a fault of ours it says nothing: the log has it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UnknownExecution || error instanceof UnknownWorkflow || error instanceof UnknownReport)
    return new Problem("not-found", error.message);
  if (error instanceof InvalidFilter)
    return new Problem("invalid-input", error.message, { fields: error.fields });
  if (error instanceof BuildGone) return new Problem("gone", error.message);
  if (error instanceof NothingBuilt || isNamed(error, "CopilotNotReady")) {
    return new Problem("not-built", error.message, { headers: { "retry-after": RETRY_AFTER_BUILD } });
  }
  if (error instanceof QueryFailed || error instanceof TooLarge || isNamed(error, "QueryTooSlow"))
    return new Problem("not-answered", error.message);
  if (error instanceof ModelOutputInvalid)
    return new Problem("not-answered", "The model gave no whole reply. Ask again, or in fewer words.");
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
  if (error instanceof AheadOfTime) {
    return new Problem("invalid-input", error.message, {
      fields: error.places.map((place) => ({
        field: `interactions.${place}.timestamp`,
        detail: "Give the moment at which it happened: this one is still to come.",
      })),
    });
  }
  if (error instanceof TooManyDays) return new Problem("too-many-days", error.message);
  if (error instanceof NotTaken) {
    return new Problem("not-taken", error.message, {
      fields: error.places.map((place) => ({
        field: `interactions.${place}`,
        detail: "It was not taken. Send it again.",
      })),
      headers: { "retry-after": RETRY_AFTER },
    });
  }
  if (error instanceof NotRedrivable) return new Problem("not-redrivable", error.message);
  if (error instanceof Throttled || error instanceof UpstreamUnavailable || error instanceof ModelThrottled) {
    return new Problem("unavailable", `Try again in ${RETRY_AFTER} seconds.`, {
      headers: { "retry-after": RETRY_AFTER },
    });
  }
  return new Problem("internal", "The request could not be served. It was logged under its request id.");
}

/** The copilot's errors are known by their names: it is loaded for the requests that ask it, and not for this. */
function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
