/**
 * A copy without the stack traces that Lambda puts into the cause of a failure. They tell of the inside of the code,
 * and stand in the function's log. Causes are JSON in a text, and come inside of other texts when one machine is told
 * of another's failure.
 */
export function withoutTraces(value: unknown): unknown {
  if (typeof value === "string") return textWithoutTraces(value);
  if (Array.isArray(value)) return value.map(withoutTraces);
  if (typeof value !== "object" || value === null) return value;
  const lambdaError = "errorMessage" in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(lambdaError && (name === "trace" || name === "stackTrace")))
      .map(([name, each]) => [name, withoutTraces(each)]),
  );
}

/** Text that is no JSON, or has no trace in it, stays what it is to the last blank. */
function textWithoutTraces(text: string): string {
  const value = json(text);
  const clean = withoutTraces(value);
  return JSON.stringify(clean) === JSON.stringify(value) ? text : JSON.stringify(clean);
}

function json(text: string): unknown {
  if (!/^\s*[[{]/.test(text) || !/trace/i.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the cause of a failure says to people: of a Lambda error its message, else the text itself. */
export function readableCause(cause: string): string {
  const value = json(cause);
  const message = typeof value === "object" && value !== null && Reflect.get(value, "errorMessage");
  return typeof message === "string" ? message : textWithoutTraces(cause);
}
