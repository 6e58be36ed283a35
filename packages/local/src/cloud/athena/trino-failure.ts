import { ParameterMismatch, QueryFailed, TrinoRefusal, trinoType, UnsupportedSql } from "@penstock/runtime";
import type { QueryMessage } from "./query-protocol.ts";
import { QueryRefused } from "./query-refused.ts";

type Failed = Extract<QueryMessage, { type: "failed" }>;

/** Athena's words for a name that no source of the query has. */
export function columnNotFound(position: string, name: string): string {
  return `COLUMN_NOT_FOUND: ${position}: Column '${name}' cannot be resolved or requester is not authorized to access requested resources`;
}

/** DuckDB's refusal to compare two types, as Trino tells it; undefined for anything else that is wrong. */
export function typeMismatch(message: string): string | undefined {
  const mixed = /values of type (\S+) and (?:type )?(\S+) (?:in |- an explicit)/.exec(message);
  const [left, right] = mixed?.slice(1).map(trinoType) ?? [];
  if (left === undefined || right === undefined) return undefined;
  return `TYPE_MISMATCH: Cannot compare ${left} with ${right}; write a CAST, or DATE '…' for a day`;
}

/** What DuckDB says before it reads a row, and Athena's words for it. */
const refusals: readonly (readonly [RegExp, (name: string, at: (name: string) => string) => string])[] = [
  [/Referenced (?:column|table) "([^"]+)" not found/, (name, at) => columnNotFound(at(name), name)],
  [/does not have a column named "([^"]+)"/, (name, at) => columnNotFound(at(name), name)],
  [
    /Ambiguous reference to column name "([^"]+)"/,
    (name, at) => `AMBIGUOUS_NAME: ${at(name)}: Column '${name}' is ambiguous`,
  ],
  [
    /column "?([^"\s]+)"? must appear in the GROUP BY clause/i,
    (name, at) =>
      `EXPRESSION_NOT_AGGREGATE: ${at(name)}: '${name}' must be an aggregate expression or appear in GROUP BY clause`,
  ],
];

/** What an operation states when it fails, in Athena's words. */
const stated: Readonly<Record<string, string>> = {
  DIVISION_BY_ZERO: "Division by zero",
  INVALID_CAST_ARGUMENT: "Value cannot be cast to the type that is asked for",
  INVALID_FUNCTION_ARGUMENT: "An argument of a function is out of its range",
  NOT_SUPPORTED_REPLACE_OF_NOTHING: "replace of an empty text",
};

/** Errors that come of rows; DuckDB's words are withheld, as they may quote values. */
const kinds: Readonly<Record<string, string>> = {
  "Conversion Error": "INVALID_CAST_ARGUMENT",
  "Out of Range Error": "NUMERIC_VALUE_OUT_OF_RANGE",
};

/** Why a query failed, as Athena tells it. @param at where a name stands in the statement: `line 1:8` */
export function trinoFailure(error: unknown, at: (name: string) => string): Failed {
  if (!(error instanceof Error)) return { type: "failed", byCaller: false, message: String(error) };
  const byCaller = (message: string): Failed => ({ type: "failed", byCaller: true, message });
  if (error instanceof QueryRefused || error instanceof TrinoRefusal) return byCaller(error.message);
  if (error instanceof UnsupportedSql) return byCaller(`NOT_SUPPORTED: ${error.message}`);
  if (error instanceof ParameterMismatch)
    return byCaller(`INVALID_PARAMETER_USAGE: line 1:1: ${error.message}`);
  if (/^AccessDenied/.test(error.name))
    return byCaller(`PERMISSION_DENIED: Insufficient permissions to execute the query. ${error.message}`);
  if (!(error instanceof QueryFailed)) return { type: "failed", byCaller: false, message: error.message };
  if (/WHERE clause cannot contain/.test(error.message))
    return byCaller("EXPRESSION_NOT_SCALAR: WHERE clause cannot contain aggregations or window functions");
  const mismatch = /given name and argument types '(\w+)\((.*)\)'/.exec(error.message);
  if (mismatch !== null) {
    const given = (mismatch[2] ?? "").split(/,\s*(?![^(]*\))/).map(trinoType);
    return byCaller(
      `FUNCTION_NOT_FOUND: Unexpected parameters (${given.join(", ")}) for function ${mismatch[1]}`,
    );
  }
  for (const [pattern, words] of refusals) {
    const name = pattern.exec(error.message)?.[1];
    if (name !== undefined) return byCaller(words(name, at));
  }
  const code = /\(([A-Z_]+)\)$/.exec(error.message)?.[1];
  if (code !== undefined)
    return byCaller(`${code.replace(/_REPLACE.*/, "")}: ${stated[code] ?? "the query failed"}`);
  const kind = /\((.+ Error)\)/.exec(error.message)?.[1] ?? "";
  const named =
    kinds[kind] ?? (error.message.includes("Binder Error") ? "TYPE_MISMATCH" : "GENERIC_USER_ERROR");
  // The lines behind the first quote the query as it was written for DuckDB.
  const [words] = error.message.split("\n");
  return byCaller(`${named}: ${words}`);
}
