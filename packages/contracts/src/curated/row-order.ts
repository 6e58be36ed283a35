import { identifier } from "../compile/sql-text.ts";
import type { Contract } from "../contract.ts";

/**
 * The order in which the rows of one key compete: the latest first, NULL last, and rows of one time by all their
 * columns. Two rows that are still equal are copies of each other, so which one wins cannot be seen.
 */
export function latestFirst(contract: Contract, relation: string): string {
  const latest = `${relation}.${identifier(contract.latestBy)} DESC NULLS LAST`;
  const others = contract.columns
    .filter(
      ({ name, sensitive }) =>
        name !== contract.latestBy && !contract.primaryKey.includes(name) && sensitive !== "cvv",
    )
    .map(({ name }) => `${relation}.${identifier(name)} NULLS LAST`);
  return [latest, ...others].join(", ");
}
