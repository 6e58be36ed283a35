import type { Contract, SensitiveClass } from "@penstock/contracts";

/** A cell as comparable text, whatever type a file or a plan holds it in: moments in milliseconds, numbers plain. */
export function plainText(cell: unknown): string {
  if (cell === null || cell === undefined) return "∅";
  if (cell instanceof Date) return String(cell.getTime());
  return String(cell);
}

/** The primary key of each row of a batch as one text; the columns may be named as in any source. */
export function keyOf(
  contract: Contract,
  columns: ReadonlyMap<string, readonly unknown[]>,
): (row: number) => string {
  const parts = contract.primaryKey.map((name) => ({
    cells: keyNames(contract, name).flatMap((one) => columns.get(one) ?? []),
    whole: contract.columns.some((column) => column.name === name && column.type === "integer"),
  }));
  return (row) => joinKey(parts.map(({ cells, whole }) => (whole ? wholeNumber(cells[row]) : cells[row])));
}

/** The values of a key, in the contract's order, as one text. */
export function joinKey(values: readonly unknown[]): string {
  return values.map(plainText).join(" | ");
}

/** All names that a key column has in any source, the contract's own first. */
export function keyNames(contract: Contract, column: string): string[] {
  const names = Object.values(contract.sources).flatMap((source) =>
    Object.entries(source.columns).flatMap(([theirs, ours]) => (ours === column ? [theirs] : [])),
  );
  return [...new Set([column, ...names])];
}

/** `007` and `7.0` of a text file are the 7 of a curated one; what is no number stays as it is. */
function wholeNumber(cell: unknown): unknown {
  return typeof cell === "string" && /^-?\d+(\.0+)?$/.test(cell) ? Number(cell) : cell;
}

/** The form that masking leaves of each class; `***` stands for a value that it could not read. */
const masks: Readonly<Record<SensitiveClass, RegExp>> = {
  pan: /^\*{12}\d{4}$/,
  cvv: /^\*{3}$/,
  ssn: /^\*{3}-\*{2}-\d{4}$/,
  email: /^[^@]\*{3}@[^@]+$/,
  phone: /^\*{3}-\*{3}-\d{4}$/,
};

/** Whether a cell is in the masked form of its class. */
export function readsAs(sensitive: SensitiveClass, cell: string): boolean {
  return cell === "***" || masks[sensitive].test(cell);
}
