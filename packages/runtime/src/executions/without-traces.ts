/** JSON text of what Lambda tells of an error that was thrown: type, message and stack trace. */
const lambdaError = /^\s*\{[\s\S]*"(trace|stackTrace)"\s*:/;

/**
 * A copy without the stack traces that Lambda puts into the cause of a failure. They tell of the inside of the code,
 * and stand in the function's log. Causes are JSON in a text, and come inside of other texts when one machine is told
 * of another's failure.
 */
export function withoutTraces(value: unknown): unknown {
  if (typeof value === "string") return textWithoutTrace(value);
  if (Array.isArray(value)) return value.map(withoutTraces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutTraces(each)]));
}

function textWithoutTrace(text: string): string {
  if (!lambdaError.test(text)) return text;
  try {
    const { trace: _, stackTrace: __, ...rest } = JSON.parse(text);
    return JSON.stringify(withoutTraces(rest));
  } catch {
    return text;
  }
}

/** What the cause of a failure says to people: of a Lambda error its message, else the text itself. */
export function readableCause(cause: string): string {
  if (!lambdaError.test(cause)) return cause;
  try {
    const { errorMessage } = JSON.parse(cause);
    return typeof errorMessage === "string" ? errorMessage : textWithoutTrace(cause);
  } catch {
    return cause;
  }
}
