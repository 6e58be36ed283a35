import * as v from "valibot";
import { InvalidInput } from "../errors.ts";

/**
 * Parses a task's event. {@link InvalidInput} names every field that does not fit with what was expected there; what was
 * received is left out, since it goes into logs and may be a person's.
 */
export function parseInput<Schema extends v.GenericSchema>(
  schema: Schema,
  event: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, event);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "the event"}: ${problem(issue)}`);
  throw new InvalidInput(`the input does not have the task's shape: ${problems.join("; ")}`);
}

function problem({ expected, type }: v.BaseIssue<unknown>): string {
  if (expected === "never") return "there is no such field";
  return expected === null ? `does not pass ${type}` : `expected ${expected}`;
}
