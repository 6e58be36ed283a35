import type { Body } from "./bodies.ts";
import {
  A,
  decimalOf,
  failing,
  isFloating,
  isInstant,
  isInteger,
  isNull,
  isText,
  TrinoRefusal,
  trinoType,
  ZONED,
} from "./types.ts";

const INVALID = "INVALID_CAST_ARGUMENT";

/** CAST and TRY_CAST: the detail is `CAST` or `TRY_CAST` and the type, as DuckDB writes it. */
const cast: Body = ([from = ""], detail) => {
  const [kind = "", ...rest] = detail.split(" ");
  const to = rest.join(" ");
  if (isNull(from)) return `CAST(${A} AS ${to.startsWith("VARCHAR") ? "VARCHAR" : to})`;
  const tried = kind === "TRY_CAST";
  const plain = `${kind}(${A} AS ${to})`;
  if (isInteger(to)) return toInteger(from, to, plain, tried);
  if (to.startsWith("VARCHAR")) return toText(from, to, tried);
  if (to === "DATE") {
    if (isText(from)) return matching("\\s*[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}\\s*", plain, to, tried);
    return from === "DATE" || isInstant(from) ? plain : refuse(from, to);
  }
  if (to === "TIMESTAMP") {
    const form =
      "\\s*[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{1,12})?)?)?\\s*";
    if (isText(from)) return matching(form, plain, to, tried);
    return from === "DATE" || isInstant(from) ? plain : refuse(from, to);
  }
  if (to === "BOOLEAN") {
    if (isText(from)) return matching("(?i:t|f|1|0|true|false)", plain, to, tried);
    return from === "BOOLEAN" || isInteger(from) || isFloating(from) || decimalOf(from)
      ? plain
      : refuse(from, to);
  }
  if (isText(from))
    return matching(
      "\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*|[+-]?Infinity|NaN",
      plain,
      to,
      tried,
    );
  return from === "BOOLEAN" || isFloating(from) || decimalOf(from) !== undefined ? plain : refuse(from, to);
};

function toInteger(from: string, to: string, plain: string, tried: boolean): string {
  if (isInteger(from) || from === "BOOLEAN" || decimalOf(from) !== undefined) return plain;
  // DuckDB takes halves of a double to the even number.
  if (isFloating(from)) return plain.replace(A, `round(${A})`);
  // DuckDB takes spaces and fractions too.
  return isText(from) ? matching("[+-]?[0-9]+", plain, to, tried) : refuse(from, to);
}

/** The cast of a text of this form; DuckDB takes more than Trino does. */
function matching(form: string, plain: string, to: string, tried: boolean): string {
  const other = tried ? "NULL" : failing(INVALID, to);
  return `CASE WHEN ${A} IS NULL THEN NULL WHEN regexp_full_match(${A}, '${form}') THEN ${plain} ELSE ${other} END`;
}

function toText(from: string, to: string, tried: boolean): string {
  const written = textOf(from);
  const length = /\d+/.exec(to)?.[0];
  if (length === undefined) return written;
  if (isText(from)) return `substr(${A}, 1, ${length})`;
  const other = tried ? "NULL" : `CAST(${failing(INVALID, "DATE")} AS VARCHAR)`;
  return `CASE WHEN length(${written}) > ${length} THEN ${other} ELSE ${written} END`;
}

function textOf(from: string): string {
  if (isText(from) || from === "DATE" || from === "BOOLEAN" || decimalOf(from) !== undefined)
    return `CAST(${A} AS VARCHAR)`;
  if (from === "TIMESTAMP") return `strftime(${A}, '%Y-%m-%d %H:%M:%S.%g')`;
  if (from === ZONED) return `strftime(CAST(${A} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g UTC')`;
  if (!isFloating(from)) return refuse(from, "VARCHAR");
  const [digits, value] = [`regexp_replace(CAST(abs(${A}) AS VARCHAR), 'e.*', '')`, `abs(${A})`];
  // Java writes large and small numbers with an exponent: the digits, with the point behind the first.
  const bare = `ltrim(replace(${digits}, '.', ''), '0')`;
  const trimmed = `CASE WHEN length(rtrim(${bare}, '0')) < 2 THEN substr(${bare}, 1, 1) || '.0' ELSE substr(${bare}, 1, 1) || '.' || substr(rtrim(${bare}, '0'), 2) END`;
  const exponent = `regexp_extract(format('{:.17e}', CAST(${value} AS DOUBLE)), 'e(.*)$', 1)`;
  const scientific = `CASE WHEN ${A} < 0 THEN '-' ELSE '' END || ${trimmed} || 'E' || CAST(CAST(${exponent} AS INTEGER) AS VARCHAR)`;
  return `CASE WHEN isnan(${A}) THEN 'NaN' WHEN isinf(${A}) THEN CASE WHEN ${A} < 0 THEN '-Infinity' ELSE 'Infinity' END WHEN ${value} = 0 OR (${value} >= 1e-3 AND ${value} < 1e7) THEN CAST(${A} AS VARCHAR) ELSE ${scientific} END`;
}

function refuse(from: string, to: string): never {
  throw new TrinoRefusal(`TYPE_MISMATCH: Cannot cast ${trinoType(from)} to ${trinoType(to)}`);
}

/** CAST and TRY_CAST. */
export const casts: Readonly<Record<string, Body>> = { cast };
