import type { Column, Contract, PhysicalColumn, SensitiveClass } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import { anyOf } from "./sql-text.ts";

/**
 * A column of a file with what masking needs to know of it.
 *
 * `scan` is its class, or "free text" (every value is searched for card numbers), or "misplaced" (a value that broke a
 * rule of its own column is searched: somebody may have put a card number into the wrong column), or undefined.
 */
export interface ScannedColumn {
  readonly column: Column;
  /** Name and type in the file. */
  readonly file: PhysicalColumn;
  readonly scan: SensitiveClass | "free text" | "misplaced" | undefined;
  /** SQL over `flagged` and `rejected`: the value broke a rule of its own column. */
  readonly ownBroken: string;
  /** SQL for the masked text where a searched value holds a card, else NULL; see {@link hiddenCards}. */
  readonly hidden: string;
}

/** Columns that are searched for cards, and the list in which their masked texts stand, in the order of the columns. */
export const SEARCHED = { "free text": "_hidden", misplaced: "_hidden_misplaced" } as const;

/** The columns that a file has, in the order of the contract. `flag`: SQL over `flagged` that tells of a broken rule. */
export function scannedColumns(
  contract: Contract,
  source: string,
  physical: readonly PhysicalColumn[],
  rules: readonly { readonly columns: readonly string[]; readonly flag: string }[],
): ScannedColumn[] {
  const names = contract.sources[source]?.columns ?? {};
  const stored = new Map(physical.map((file) => [names[file.name], file]));
  const searched = { "free text": 0, misplaced: 0 };
  return contract.columns.flatMap((column) => {
    const file = stored.get(column.name);
    if (file === undefined) return [];
    const own = rules.filter((rule) => rule.columns.length === 1 && rule.columns[0] === column.name);
    const misplaced = own.length > 0 && holdsCards(file.type) ? "misplaced" : undefined;
    const scan = column.sensitive ?? (column.freeText ? "free text" : misplaced);
    const hidden = isSearched(scan) ? `${identifier(SEARCHED[scan])}[${++searched[scan]}]` : "NULL";
    return [{ column, file, scan, ownBroken: anyOf(own.map((rule) => rule.flag)), hidden }];
  });
}

/** The list of the columns' masked texts under its name in {@link SEARCHED}; none for no columns. */
export function hiddenCards(
  scan: keyof typeof SEARCHED,
  columns: readonly ScannedColumn[],
  text: (column: ScannedColumn) => string,
): string[] {
  const found = columns.filter((column) => column.scan === scan);
  if (found.length === 0) return [];
  return [`hidden_cards(ARRAY[${found.map(text).join(", ")}]) AS ${identifier(SEARCHED[scan])}`];
}

/** A searched value as text: SQL over the file's columns. */
export function searchedText({ file: { name, type } }: ScannedColumn): string {
  const raw = identifier(name);
  if (type === "VARCHAR") return raw;
  // As its digits: a DOUBLE would print a card number as 4.111111111111111E15.
  return `CAST(${type === "DOUBLE" ? `TRY_CAST(${raw} AS DECIMAL(38, 0))` : raw} AS VARCHAR)`;
}

/** A value of a settled row as curated and pending keep it: SQL with the value in the contract's type. */
export function settledValue({ scan, hidden }: ScannedColumn, value: string): string {
  if (scan === undefined || scan === "misplaced") return value;
  return scan === "free text" ? `COALESCE(${hidden}, ${value})` : mask(scan, value);
}

/**
 * A value of a rejected row as quarantine keeps it: original name and type. A number has no masked form, so one that
 * is a card number is left out; the raw object still has it.
 */
export function quarantinedValue({ file, scan, hidden }: ScannedColumn): string {
  const raw = identifier(file.name);
  if (scan === undefined) return raw;
  if (!isSearched(scan)) return mask(scan, raw);
  return file.type === "VARCHAR"
    ? `COALESCE(${hidden}, ${raw})`
    : `CASE WHEN ${hidden} IS NULL THEN ${raw} END`;
}

/** Whether masking changes a value: SQL, `value` being the column. */
export function isMasked({ scan, hidden }: ScannedColumn, value: string): string {
  if (scan === undefined) return "FALSE";
  return `${isSearched(scan) ? hidden : value} IS NOT NULL`;
}

function isSearched(scan: ScannedColumn["scan"]): scan is keyof typeof SEARCHED {
  return scan === "free text" || scan === "misplaced";
}

function mask(scan: SensitiveClass, value: string): string {
  return scan === "cvv" ? "CAST(NULL AS VARCHAR)" : `mask_${scan}(${value})`;
}

/** Types that can hold the 13 digits of a card number. */
function holdsCards(type: string): boolean {
  if (["VARCHAR", "BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"].includes(type)) return true;
  const [, precision] = /^DECIMAL\((\d+),/.exec(type) ?? [];
  return Number(precision) >= 13;
}
