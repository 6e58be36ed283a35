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
}

/** The columns that a file has, in the order of the contract. `flag`: SQL over `rejected` that tells of a broken rule. */
export function scannedColumns(
  contract: Contract,
  source: string,
  physical: readonly PhysicalColumn[],
  rules: readonly { readonly columns: readonly string[]; readonly flag: string }[],
): ScannedColumn[] {
  const names = contract.sources[source]?.columns ?? {};
  const stored = new Map(physical.map((file) => [names[file.name], file]));
  return contract.columns.flatMap((column) => {
    const file = stored.get(column.name);
    if (file === undefined) return [];
    const own = rules.filter((rule) => rule.columns.length === 1 && rule.columns[0] === column.name);
    const misplaced = own.length > 0 && holdsCards(file.type) ? "misplaced" : undefined;
    const scan = column.sensitive ?? (column.freeText ? "free text" : misplaced);
    return [{ column, file, scan, ownBroken: anyOf(own.map((rule) => rule.flag)) }];
  });
}

/** The mask of a class over a text value; of "free text" and "misplaced", for a value that holds a card number. */
export function maskSql(scan: NonNullable<ScannedColumn["scan"]>, value: string): string {
  return scan === "free text" || scan === "misplaced" ? `mask_cards(${value})` : `mask_${scan}(${value})`;
}

/** The column that holds the number of cards found in a searched one. */
export function cardsIn(column: string): string {
  return `_cards_${column}`;
}

/** The number of cards in a value: SQL over the file's columns. */
export function countCardsSql({ file: { name, type } }: ScannedColumn): string {
  const raw = identifier(name);
  if (type === "VARCHAR") return `count_cards(${raw})`;
  // As its digits: a DOUBLE would print a card number as 4.111111111111111E15.
  return `count_cards(CAST(${type === "DOUBLE" ? `TRY_CAST(${raw} AS DECIMAL(38, 0))` : raw} AS VARCHAR))`;
}

/**
 * A value of a rejected row as quarantine keeps it: original name and type. A number has no masked form, so one that
 * is a card number is left out; the raw object still has it.
 */
export function quarantinedValue(scanned: ScannedColumn): string {
  const { file, scan } = scanned;
  const raw = identifier(file.name);
  if (scan === undefined) return raw;
  if (scan === "cvv") return "CAST(NULL AS VARCHAR)";
  if (scan !== "free text" && scan !== "misplaced") return maskSql(scan, raw);
  return file.type === "VARCHAR"
    ? `CASE WHEN ${quarantinedHit(scanned)} THEN ${maskSql(scan, raw)} ELSE ${raw} END`
    : `CASE WHEN ${quarantinedHit(scanned)} THEN NULL ELSE ${raw} END`;
}

/** Whether {@link quarantinedValue} changes the value: SQL over `rejected`. */
export function quarantinedHit({ column, file, scan }: ScannedColumn): string {
  const found = `${identifier(cardsIn(column.name))} > 0`;
  if (scan === undefined) return "FALSE";
  if (scan === "free text") return found;
  return scan === "misplaced" ? found : `${identifier(file.name)} IS NOT NULL`;
}

/** Types that can hold the 13 digits of a card number. */
function holdsCards(type: string): boolean {
  if (["VARCHAR", "BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"].includes(type)) return true;
  const [, precision] = /^DECIMAL\((\d+),/.exec(type) ?? [];
  return Number(precision) >= 13;
}
