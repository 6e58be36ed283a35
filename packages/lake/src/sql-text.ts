import { identifier } from "@penstock/runtime";

/** Identifiers with commas between, optionally of one relation. */
export function identifiers(names: readonly string[], relation?: string): string {
  return names
    .map((name) => (relation === undefined ? identifier(name) : `${relation}.${identifier(name)}`))
    .join(", ");
}

/** A timestamp literal from a moment, UTC, to the millisecond. */
export function timestamp(moment: Date): string {
  return `TIMESTAMP '${moment.toISOString().replace("T", " ").replace("Z", "")}'`;
}

/** True when any of the conditions is; FALSE for none. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "FALSE" : conditions.map((condition) => `(${condition})`).join(" OR ");
}
