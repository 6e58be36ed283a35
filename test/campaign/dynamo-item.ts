import type { ProductRecord } from "@penstock/contracts";

/** A record as `dynamodb:getItem` gives it to a state machine. */
export function dynamoItem(
  record: Readonly<Record<string, unknown>> | ProductRecord,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, typed(value)]])),
  );
}

function typed(value: unknown): object {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(typed) };
  return { M: dynamoItem(Object.fromEntries(Object.entries(Object(value)))) };
}
