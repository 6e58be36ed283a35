/** What a query asks for that Athena would refuse too. The message begins with Trino's code. */
export class TrinoRefusal extends Error {
  override readonly name = "TrinoRefusal";
}

/** What a macro calls its operands: names that no table has. */
export function operandName(at: number): string {
  return `athena__${at}`;
}

export const [A, B, C] = [operandName(0), operandName(1), operandName(2)];

/** Digits of DuckDB's integers as decimals; a sum or count is BIGINT to Trino. */
const DIGITS: Readonly<Record<string, number>> = {
  TINYINT: 3,
  SMALLINT: 5,
  INTEGER: 10,
  INTEGER_LITERAL: 10,
  '"NULL"': 1,
  BIGINT: 19,
  HUGEINT: 19,
};

const TEXTS = new Set(["VARCHAR", "STRING_LITERAL", '"NULL"']);
export const ZONED = "TIMESTAMP WITH TIME ZONE";

export const isNull = (type: string): boolean => type === '"NULL"';
export const isInteger = (type: string): boolean => Object.hasOwn(DIGITS, type);
export const isText = (type: string): boolean => TEXTS.has(type);
export const isFloating = (type: string): boolean => type === "DOUBLE" || type === "FLOAT";
export const isList = (type: string): boolean => type.endsWith("[]");
export const isInstant = (type: string): boolean => type === "TIMESTAMP" || type === ZONED;
export const isTime = (type: string): boolean => type === "DATE" || isInstant(type);
export const isNumber = (type: string): boolean => isFloating(type) || decimalOf(type) !== undefined;

/** Precision and scale of a decimal or integer; undefined for other types. */
export function decimalOf(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const integer = DIGITS[type];
  if (integer !== undefined) return { precision: integer, scale: 0 };
  const found = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  return found === null ? undefined : { precision: Number(found[1]), scale: Number(found[2]) };
}

/** A type of DuckDB's as Trino calls it. */
export function trinoType(type: string): string {
  if (isList(type)) return `array(${trinoType(type.slice(0, -2))})`;
  const names: Readonly<Record<string, string>> = {
    BLOB: "varbinary",
    FLOAT: "real",
    HUGEINT: "bigint",
    INTEGER_LITERAL: "integer",
    STRING_LITERAL: "varchar",
    '"NULL"': "unknown",
    TIMESTAMP: "timestamp(3)",
    [ZONED]: "timestamp(3) with time zone",
  };
  return names[type] ?? type.toLowerCase();
}

/** Trino's words for a function that has no such operands. */
export function unexpected(name: string, types: readonly string[]): never {
  const given = types.map(trinoType).join(", ");
  throw new TrinoRefusal(`FUNCTION_NOT_FOUND: Unexpected parameters (${given}) for function ${name}`);
}

/** Trino's words for an operator that has no such operands. */
export function notApplicable(left: string, sign: string, right: string): never {
  const operands = `${trinoType(left)} ${sign} ${trinoType(right)}`;
  throw new TrinoRefusal(`TYPE_MISMATCH: Cannot apply operator: ${operands}`);
}

/** A value that fails the query when it is computed, with Trino's code: `failures.ts` lets such codes through. */
export function failing(code: string, type: string): string {
  // Not error(), which is volatile: TRY refuses it, and conditions beside it would not be taken to the scan.
  return `CAST('athena:${code}' AS ${type})`;
}
