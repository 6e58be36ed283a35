import { sqlType } from "../compile/read-cell.ts";
import { identifier } from "../compile/sql-text.ts";
import type { Contract } from "../contract.ts";

/** The columns of a table as they stand in curated and pending objects, typed; for a table that has no object yet. */
export function typedNulls(contract: Contract): string {
  return contract.columns
    .map((column) => `CAST(NULL AS ${sqlType(column)}) AS ${identifier(column.name)}`)
    .join(", ");
}
