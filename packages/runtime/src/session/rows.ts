import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";

/** A value of a row in record form, the one that contracts check. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[];

/**
 * A row in record form: integers and decimals are numbers, timestamps `2025-01-16T08:00:00` (up to microseconds, no
 * zone = UTC), dates `2025-01-16`, lists arrays. An integer beyond ±(2^53−1) is its digits as text, so that none is
 * silently another number; every other type is the text that DuckDB writes for it.
 */
export type Row = Record<string, PlainValue>;

/** Converts one value of DuckDB's client to its record form. */
export function plainValue(value: DuckDBValue, type: DuckDBType): PlainValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof DuckDBDecimalValue) return Number(value.toString());
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(" ", "T");
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBListValue) return value.items.map((item) => plainValue(item, type));
  return String(value);
}
