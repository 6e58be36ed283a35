import { isInteger, isString } from "../fields.ts";
import { commonFields, resultFields, type StateType, transition } from "../state.ts";
import { EvaluationError } from "../template.ts";

/** ISO 8601 with an offset, seconds optional: what Java's OffsetDateTime reads. */
const offsetDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
/** The longest wait, in seconds: a bit more than three years. */
const maxSeconds = 99_999_999;

/** Waits for a time or until an instant. */
export const wait: StateType = {
  fields: new Set([...commonFields, "Next", "End", "Output", "Assign", "Seconds", "Timestamp"]),
  compile({ name, fields, outerVariables }) {
    const { next, targets, terminal } = transition(fields);
    const result = resultFields(fields, outerVariables);
    const seconds = fields.typed("Seconds", isInteger, "integer");
    const timestamp = fields.typed("Timestamp", isString, "string");
    if ((seconds === undefined) === (timestamp === undefined)) {
      fields.note("Exactly one of 'Seconds' and 'Timestamp' is required");
    }
    if (seconds?.template.constant && !inRange(seconds.template.value)) {
      fields.note(`The value must be from 0 to ${maxSeconds}`, "Seconds");
    }
    if (timestamp?.template.constant && instantOf(timestamp.template.value, rfc3339) === undefined) {
      fields.note("String does not match RFC3339 timestamp", "Timestamp");
    }
    return {
      name,
      type: "Wait",
      targets,
      terminal,
      run: async (branch) => {
        const refuse = (message: string, location: string) =>
          branch.evaluationFailure(new EvaluationError(message, location), true);
        const length = await branch.typed(seconds);
        const until = await branch.typed(timestamp);
        let delay = (length ?? 0) * 1000;
        if (length !== undefined && !inRange(length)) {
          throw refuse(`The Seconds field must be from 0 to ${maxSeconds} but was: ${length}`, "Seconds");
        }
        if (until !== undefined) {
          const instant = instantOf(until, offsetDateTime);
          if (instant === undefined) {
            const wanted = "an ISO-8601 extended offset date-time format string";
            throw refuse(`The Timestamp field cannot be parsed as ${wanted}: ${until}`, "Timestamp");
          }
          delay = instant - branch.enteredTime;
          if (delay > maxSeconds * 1000) throw refuse("Wait state delay is too long.", "Timestamp");
        }
        // A redriven wait goes on to the instant that it was waiting for.
        const left = branch.enteredTime + delay - branch.run.clock.now();
        if (left > 0) await branch.run.clock.sleep(left, branch.signal);
        return branch.leave(next, result, branch.input, {});
      },
    };
  },
};

function inRange(seconds: unknown): boolean {
  return typeof seconds === "number" && seconds >= 0 && seconds <= maxSeconds;
}

/** Milliseconds since the epoch; undefined when the text has not this form or names no real date. */
function instantOf(text: unknown, form: RegExp): number | undefined {
  if (typeof text !== "string" || !form.test(text)) return undefined;
  const milliseconds = Date.parse(text.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
