import type { Column, CompiledRule, Contract, PhysicalColumn, SensitiveClass } from "@penstock/contracts";
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
  /** SQL over the file's columns: the value broke a rule of its own column. */
  readonly ownBroken: string;
}

/** The columns that a file has, in the order of the contract. */
export function scannedColumns(
  contract: Contract,
  source: string,
  physical: readonly PhysicalColumn[],
  rules: readonly CompiledRule[],
): ScannedColumn[] {
  const names = contract.sources[source]?.columns ?? {};
  const stored = new Map(physical.map((file) => [names[file.name], file]));
  return contract.columns.flatMap((column) => {
    const file = stored.get(column.name);
    if (file === undefined) return [];
    const own = rules.filter((rule) => rule.columns.length === 1 && rule.columns[0] === column.name);
    const misplaced =
      own.length > 0 && (file.type === "VARCHAR" || isNumber(file.type)) ? "misplaced" : undefined;
    const scan = column.sensitive ?? (column.freeText ? "free text" : misplaced);
    return [{ column, file, scan, ownBroken: anyOf(own.map((rule) => rule.broken)) }];
  });
}

/** The mask of a class over a text value; of "free text", over a value known to hold a card number. */
export function maskSql(
  scan: Exclude<ScannedColumn["scan"], "misplaced" | undefined>,
  value: string,
): string {
  return scan === "free text" ? `mask_cards(${value})` : `mask_${scan}(${value})`;
}

/** A value of a quarantined row as it is written: original name and type, text where a mask makes it text. */
export function quarantinedValue(scanned: ScannedColumn): string {
  const { file, scan } = scanned;
  const raw = identifier(file.name);
  switch (scan) {
    case undefined:
      return raw;
    case "cvv":
      return `CAST(NULL AS ${file.type})`;
    case "free text":
      return maskSql(scan, raw);
    case "misplaced":
      return `CASE WHEN ${quarantinedHit(scanned)} THEN ${
        file.type === "VARCHAR" ? maskSql("free text", raw) : `CAST(NULL AS ${file.type})`
      } ELSE ${raw} END`;
    default:
      return maskSql(scan, asText(file));
  }
}

/** Whether {@link quarantinedValue} changes the value: SQL over the file's columns, for counting. */
export function quarantinedHit({ file, scan, ownBroken }: ScannedColumn): string {
  const raw = identifier(file.name);
  switch (scan) {
    case undefined:
      return "FALSE";
    case "free text":
      return `count_cards(${raw}) > 0`;
    case "misplaced":
      return `(${ownBroken}) AND count_cards(${file.type === "VARCHAR" ? raw : digits(file)}) > 0`;
    default:
      return `${raw} IS NOT NULL`;
  }
}

function asText({ name, type }: PhysicalColumn): string {
  return type === "VARCHAR" ? identifier(name) : `CAST(${identifier(name)} AS VARCHAR)`;
}

/** A number as its digits: a DOUBLE would print a card number as 4.111111111111111E15. */
function digits({ name, type }: PhysicalColumn): string {
  const raw = identifier(name);
  const whole = type === "DOUBLE" || type === "FLOAT" ? `TRY_CAST(${raw} AS DECIMAL(38, 0))` : raw;
  return `CAST(${whole} AS VARCHAR)`;
}

function isNumber(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type);
}
