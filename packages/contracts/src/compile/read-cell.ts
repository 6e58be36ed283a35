import type { LogicalType } from "../contract.ts";
import type { ColumnReading } from "../derive/read-column.ts";
import { DATE_FORM, FALSE_FORMS, NUMBER_FORM, TIMESTAMP_FORM, TRUE_FORMS } from "../records/text-forms.ts";
import type { Storage } from "./physical.ts";
import { identifier, matches, text } from "./sql-text.ts";

/** How SQL reads one cell, whatever the file stores. */
export interface Cell {
  /** The value that rules compare: NULL when the cell is NULL or cannot be read. */
  readonly value: string;
  /** Some cell of this storage cannot be read. */
  readonly fallible: boolean;
  /** The value in the curated type; NULL instead of an error for a cell that breaks a rule. */
  readonly decoded: string;
}

/** Digits that a double always holds, and so divides by a power of ten to the nearest double. */
const EXACT_DIGITS = 15;

/** SQL that reads a source column as its logical type. */
export function readCell(column: ColumnReading, storage: Storage, sourceName: string): Cell {
  const raw = identifier(sourceName);
  switch (column.type) {
    case "string":
      return { value: raw, fallible: false, decoded: raw };
    case "boolean":
      return storage.kind === "boolean"
        ? { value: raw, fallible: false, decoded: raw }
        : fallible(
            `CASE WHEN ${raw} IN (${list(TRUE_FORMS)}) THEN TRUE WHEN ${raw} IN (${list(FALSE_FORMS)}) THEN FALSE END`,
          );
    case "integer":
    case "decimal":
    case "double":
      return readNumber(column, storage, raw);
    case "timestamp":
      return readTimestamp(storage, raw);
    case "date":
      return readDate(storage, raw);
  }
}

/** The SQL type of a column in curated objects. */
export function sqlType(column: { type: LogicalType; precision?: number; scale?: number }): string {
  switch (column.type) {
    case "string":
      return "VARCHAR";
    case "integer":
      return "BIGINT";
    case "decimal":
      return `DECIMAL(${column.precision}, ${column.scale})`;
    default:
      return column.type.toUpperCase();
  }
}

function fallible(value: string): Cell {
  return { value, fallible: true, decoded: value };
}

function list(words: readonly string[]): string {
  return words.map(text).join(", ");
}

function readNumber(column: ColumnReading, storage: Storage, raw: string): Cell {
  const cell = (value: string, canFail: boolean, source = value): Cell => ({
    value,
    fallible: canFail,
    decoded: `TRY_CAST(${source} AS ${sqlType(column)})`,
  });
  switch (storage.kind) {
    case "whole":
      return cell(raw, false);
    case "decimal": {
      // Beyond 15 digits the division inside the cast may be off by one unit; through text it is the nearest double.
      const exact = storage.precision <= EXACT_DIGITS ? raw : `CAST(${raw} AS VARCHAR)`;
      const double = `CAST(${exact} AS DOUBLE)`;
      return cell(double, false, column.type === "double" ? double : raw);
    }
    case "float":
      return cell(unlessNaN(`CAST(${raw} AS DOUBLE)`), true);
    case "double":
      return cell(unlessNaN(raw), true);
    default:
      return cell(`CASE WHEN ${matches(raw, NUMBER_FORM)} THEN TRY_CAST(${raw} AS DOUBLE) END`, true);
  }
}

/** NaN is above Infinity on DuckDB and Spark and beside it on Trino: not at most Infinity on any of them. */
function unlessNaN(value: string): string {
  return `CASE WHEN ${value} <= CAST('Infinity' AS DOUBLE) THEN ${value} END`;
}

function readTimestamp(storage: Storage, raw: string): Cell {
  const within = (moment: string): Cell =>
    fallible(
      `CASE WHEN ${moment} BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN ${moment} END`,
    );
  switch (storage.kind) {
    case "timestamp":
      return within(raw);
    case "zoned timestamp":
      // The wall clock of the session's zone, and every session runs in UTC.
      return within(`CAST(${raw} AS TIMESTAMP)`);
    case "text":
      // Trino reads no "T" and would shift "Z"; the form allows nothing but UTC, so 26 characters are the moment.
      return fallible(
        `CASE WHEN ${matches(raw, TIMESTAMP_FORM)} THEN TRY_CAST(replace(replace(replace(${raw}, 'T', ' '), 'Z', ''), '+00:00', '') AS TIMESTAMP) END`,
      );
    default:
      return within(`TRY_CAST(${raw} AS TIMESTAMP)`);
  }
}

function readDate(storage: Storage, raw: string): Cell {
  return storage.kind === "date"
    ? fallible(`CASE WHEN ${raw} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ${raw} END`)
    : fallible(`CASE WHEN ${matches(raw, DATE_FORM)} THEN TRY_CAST(${raw} AS DATE) END`);
}
