import type { Comparison, Contract } from "../contract.ts";
import { readColumn } from "../derive/read-column.ts";
import { IncompatibleColumns } from "../errors.ts";
import { brokenSql } from "./check-sql.ts";
import { type PhysicalColumn, physicalMismatch, readableStorage, sourceColumns } from "./physical.ts";
import { type Cell, readCell, sqlType } from "./read-cell.ts";
import { identifier, known } from "./sql-text.ts";

/** A column of the curated table, as an expression over the columns of the file. Never fails on a bad cell. */
export interface DecodedColumn {
  readonly column: string;
  readonly sql: string;
}

/** A rule that some row of the file could break. */
export interface CompiledRule {
  /** `<column>.<rule>` or the name of a row rule. */
  readonly rule: string;
  /** The contract columns that it looks at. */
  readonly columns: readonly string[];
  /** Over the columns of the file: TRUE for a row that breaks the rule, else FALSE; never NULL. */
  readonly broken: string;
}

/** A table's contract as SQL in Trino's dialect, over the columns of one file. */
export interface CompiledTable {
  /** Every contract column in contract order; absent ones are typed NULLs. */
  readonly decoded: readonly DecodedColumn[];
  /** In contract order; rules that the file's own types cannot break are left out. */
  readonly rules: readonly CompiledRule[];
}

/**
 * Compiles a contract for the columns that a file has.
 *
 * The rules mirror `v.safeParse` exactly: every broken rule of every column is reported, but of a column whose
 * value is missing (`required`) or unreadable (`type`) nothing else is.
 * @throws IncompatibleColumns when a column is missing, unknown or of a type that cannot be read.
 */
export function compileTable(
  contract: Contract,
  source: string,
  physical: readonly PhysicalColumn[],
): CompiledTable {
  assertReadable(contract, source, physical);
  const names = new Map(
    Object.entries(sourceColumns(contract, source)).map(([theirs, ours]) => [ours, theirs]),
  );
  const stored = new Map(physical.map((column) => [column.name, column.type]));
  const cells = new Map<string, Cell>();
  const decoded: DecodedColumn[] = [];
  const rules: CompiledRule[] = [];
  for (const [name, schema] of Object.entries(contract.schema.entries)) {
    const column = readColumn(name, schema);
    const sourceName = names.get(name);
    const storage = readableStorage(column.type, stored.get(sourceName ?? "") ?? "");
    if (sourceName === undefined || storage === undefined) {
      decoded.push({ column: name, sql: `CAST(NULL AS ${sqlType(column)})` });
      continue;
    }
    const cell = readCell(column, storage, sourceName);
    cells.set(name, cell);
    decoded.push({ column: name, sql: cell.decoded });
    const raw = identifier(sourceName);
    const add = (rule: string, broken: string) =>
      rules.push({ rule: `${name}.${rule}`, columns: [name], broken });
    if (!column.nullable) add("required", `${raw} IS NULL`);
    if (cell.fallible) add("type", `${raw} IS NOT NULL AND ${cell.value} IS NULL`);
    for (const [rule, conditions] of grouped(column.checks, (check) =>
      brokenSql(check, column, storage, cell.value),
    )) {
      add(rule, known(conditions.join(" OR ")));
    }
  }
  for (const { name, holds } of contract.rules) {
    const [left, right] = [cells.get(holds.left), cells.get(holds.right)];
    if (left === undefined || right === undefined) continue;
    const broken = known(`${left.value} ${OPPOSITE[holds.operator]} ${right.value}`);
    rules.push({ rule: name, columns: [holds.left, holds.right], broken });
  }
  return { decoded, rules };
}

const OPPOSITE: Readonly<Record<Comparison["operator"], string>> = {
  "<": ">=",
  "<=": ">",
  "=": "<>",
  ">=": "<",
  ">": "<=",
};

/** The conditions of one rule's checks together, since two patterns of a column are one rule `format`. */
function grouped<Check extends { rule: string }>(
  checks: readonly Check[],
  sql: (check: Check) => string | null,
) {
  const conditions = new Map<string, string[]>();
  for (const check of checks) {
    const condition = sql(check);
    if (condition !== null) conditions.set(check.rule, [...(conditions.get(check.rule) ?? []), condition]);
  }
  return conditions;
}

function assertReadable(contract: Contract, source: string, physical: readonly PhysicalColumn[]): void {
  const refuse = (reason: string): never => {
    throw new IncompatibleColumns(contract.name, reason);
  };
  const columns = sourceColumns(contract, source);
  const present = new Set(physical.map((column) => column.name));
  const required = new Set(
    contract.columns.filter((column) => !column.optional).map((column) => column.name),
  );
  const missing = Object.keys(columns).filter(
    (name) => required.has(columns[name] ?? "") && !present.has(name),
  );
  if (missing.length > 0) refuse(`missing ${missing.join(", ")}`);
  const unknown = physical.filter((column) => !Object.hasOwn(columns, column.name));
  if (unknown.length > 0) refuse(`unknown ${unknown.map((column) => column.name).join(", ")}`);
  const [wrong] = physicalMismatch(contract, source, physical);
  if (wrong !== undefined) refuse(`"${wrong.column}" is ${wrong.found} where ${wrong.expected} is expected`);
}
