import * as v from "valibot";

/** One field that is wrong, and what to do about it. */
export interface FieldFault {
  /** The path in the value: `object.key`. */
  readonly field: string;
  readonly detail: string;
}

/**
 * What is wrong with a value by its contract, said so that whoever sent it knows what to give instead. Empty: nothing.
 *
 * @param whole what the value is, where the fault lies in no field of it: `body`
 */
export function fieldFaults(schema: v.GenericSchema, value: unknown, whole: string): FieldFault[] {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => {
    const field = v.getDotPath(issue) ?? whole;
    return { field, detail: detail(issue, field, schema) };
  });
}

function detail(issue: v.BaseIssue<unknown>, field: string, schema: v.GenericSchema): string {
  if (issue.type === "strict_object" && issue.expected === "never")
    return "There is no such field here. Leave it out.";
  // The contract's own messages say what to give; the library's begin with "Invalid".
  const own = issue.message.startsWith("Invalid ") ? undefined : issue.message;
  if (issue.received === "undefined") {
    const description = descriptionOf(schema, field);
    return ["It is missing.", description && `Give: ${description}.`, own].filter(Boolean).join(" ");
  }
  return own ?? `Give ${issue.expected ?? "another value"}.`;
}

const Described = v.custom<v.GenericSchema>(
  (value) => typeof value === "object" && value !== null && "kind" in value && value.kind === "schema",
);

/** What a field of an object is for, by its contract. */
function descriptionOf(schema: v.GenericSchema, field: string): string | undefined {
  const entries: unknown = "entries" in schema ? schema.entries : {};
  const entry: unknown = Reflect.get(Object(entries), field);
  return v.is(Described, entry) ? v.getDescription(entry) : undefined;
}
