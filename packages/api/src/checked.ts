import * as v from "valibot";
import { type FieldProblem, Problem } from "./problem.ts";

/**
 * A value from outside, by its contract.
 *
 * @param whole what the value is, where the fault lies in no field of it: `body`
 * @throws {Problem} `invalid-input`, with every field that is wrong
 */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  whole: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => fieldProblem(issue, whole, schema));
  const names = fields.map(({ field }) => field).join(", ");
  throw new Problem("invalid-input", `Wrong: ${names}. See errors for what to give instead.`, { fields });
}

function fieldProblem(issue: v.BaseIssue<unknown>, whole: string, schema: v.GenericSchema): FieldProblem {
  const field = v.getDotPath(issue) ?? whole;
  // Of a strict object: valibot says what it got and expected, not what a caller should do.
  if (issue.type === "strict_object" && issue.expected === "never")
    return { field, detail: "There is no such field here. Leave it out." };
  if (issue.received === "undefined")
    return { field, detail: `It is missing.${wanted(schema, field)} ${ownMessage(issue) ?? ""}`.trim() };
  return { field, detail: ownMessage(issue) ?? `Give ${issue.expected ?? "another value"}.` };
}

/** The contract's own message, which says what to give; valibot's standard ones start with "Invalid". */
function ownMessage(issue: v.BaseIssue<unknown>): string | undefined {
  return issue.message.startsWith("Invalid ") ? undefined : issue.message;
}

/** What a field of an object is for, by its contract. */
function wanted(schema: v.GenericSchema, field: string): string {
  const entries: unknown = "entries" in schema ? schema.entries : {};
  const entry: unknown = Reflect.get(Object(entries), field);
  const description = v.is(Described, entry) ? v.getDescription(entry) : undefined;
  return description === undefined ? "" : ` Give: ${description}.`;
}

const Described = v.custom<v.GenericSchema>(
  (value) => typeof value === "object" && value !== null && "kind" in value && value.kind === "schema",
);
