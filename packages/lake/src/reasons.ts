import { text } from "@penstock/runtime";

/** A reason and the condition under which a row carries it. The name holds no comma. */
export interface Reason {
  readonly name: string;
  readonly condition: string;
}

/**
 * SQL for the sorted list of the reasons that hold (VARCHAR[]), for rows of which at least one does. Made as text and
 * split: building and filtering lists takes lambdas, which the engines write and type differently.
 */
export function reasonsSql(reasons: readonly Reason[]): string {
  const sorted = reasons.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.map(
    ({ name, condition }) => `CASE WHEN ${condition} THEN ${text(`,${name}`)} ELSE '' END`,
  );
  return `split(substr(${parts.join(" || ")}, 2), ',')`;
}

/** Why a row waits: the parent that its columns name has not been curated. */
export function missingParent(reference: { readonly columns: readonly string[] }): string {
  return `${reference.columns.join("+")}.missing_parent`;
}

/** Why a row is in quarantine though it broke no rule: it waited longer than `pendingDays`. */
export const PENDING_EXPIRED = "pending.expired";
