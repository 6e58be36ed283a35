import { ContractViolation, type Row } from "@penstock/runtime";

/** A text of a row. @throws ContractViolation naming the column when it holds none: marts have none that is null there */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new ContractViolation(`the marts hold no text in "${column}"; build them again`);
}

/** A text of a row, or null. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] == null ? null : textOf(row, column);
}

/** A finite number of a row. @throws ContractViolation naming the column, as {@link textOf} */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  // Sums beyond 2^53 come as their digits; a model works on doubles.
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new ContractViolation(`the marts hold no number in "${column}"; build them again`);
}

/** A finite number of a row, or null. */
export function numberOrNull(row: Row, column: string): number | null {
  return row[column] == null ? null : numberOf(row, column);
}
