import { isNode, type Restriction } from "../restrictions.ts";
import { dateFormat, jodaFormat } from "./date-formats.ts";
import { FUNCTIONS } from "./functions.ts";
import { numberOf, operand, textOf } from "./nodes.ts";
import { patternProblem } from "./patterns.ts";

/** What a construct must look like to run: the problem in Trino's words, or undefined. */
export const athenaRestrictions: Readonly<Record<string, Restriction>> = {
  literal({ literal_type, value }) {
    const text = String(value);
    if (literal_type === "number" && !/^[0-9]*\.?[0-9]*(E[+-]?[0-9]+)?$/i.test(text))
      return `the number ${text}`;
    if (literal_type === "date" && !/^\d{4}-\d\d?-\d\d?$/.test(text)) return `the date '${text}'`;
    if (literal_type === "timestamp" && !/^\d{4}-\d\d?-\d\d?( \d\d?:\d\d(:\d\d(\.\d{1,6})?)?)?$/.test(text))
      return `the timestamp '${text}'; write it as YYYY-MM-DD HH:MM:SS`;
    return undefined;
  },

  star: ({ except, replace, rename }) =>
    except || replace || rename ? "* with EXCEPT, REPLACE or RENAME" : undefined,

  tuple: (_, parent) =>
    /^(grouping sets|rollup|cube)$/i.test(String(parent?.name)) ? undefined : "a row of values (a, b)",

  trim: ({ this: of, characters }) => (of && !isNode(characters) && characters ? "TRIM" : undefined),

  ceil: ({ decimals }) => (decimals ? "ceil to digits" : undefined),
  floor: ({ decimals, scale }) => (decimals || scale ? "floor to digits" : undefined),
  rand: ({ seed, lower }) => (seed || lower ? "random with bounds" : undefined),

  interval: ({ unit, this: of }) => {
    const { type, unit: named } = Object(unit);
    if (type !== "simple" || !INTERVALS.has(String(named).toLowerCase()))
      return "INTERVAL of something else than SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR";
    return /^-?[0-9]{1,9}$/.test(textOf(of) ?? "")
      ? undefined
      : "INTERVAL of something else than a whole number in quotes";
  },

  like: ({ escape: sign }) =>
    sign && [...(textOf(sign) ?? "")].length !== 1 ? "LIKE with an ESCAPE that is no character" : undefined,

  unnest: ({ this: of, expressions }) =>
    of && !(Array.isArray(expressions) && expressions.length > 0) ? undefined : "UNNEST of several arrays",

  // Of a window function it is the number alone.
  offset: (node) => ("this" in node ? countProblem(node.this, "OFFSET") : undefined),
  fetch: ({ count }) => (count ? countProblem(count, "FETCH FIRST") : undefined),

  extract: ({ field }) => {
    const named = fieldOf(field);
    return FIELDS.has(named) ? undefined : `EXTRACT of ${named.toUpperCase()}`;
  },

  json_extract_scalar: ({ path }) => (jsonPath(path) === undefined ? "a JSON path like that" : undefined),

  approx_distinct: ({ distinct }) => (distinct ? "DISTINCT in approx_distinct" : undefined),

  aggregate_function: ({ name, args }) => calledWith(name, args),
  function(node) {
    const { name, args, distinct, filter } = node;
    const problem = calledWith(name, args);
    if (problem !== undefined) return problem;
    if (distinct || filter) return `DISTINCT or FILTER in ${String(name).toLowerCase()}`;
    return argumentProblem(String(name).toLowerCase(), Array.isArray(args) ? args : []);
  },

  cast: ({ to }) => typeProblem(to),
  try_cast: ({ to }) => typeProblem(to),
};

/** The fields of EXTRACT. */
const FIELDS: ReadonlySet<string> = new Set([
  ...["year", "quarter", "month", "week", "day", "day_of_month", "day_of_week", "dow", "day_of_year", "doy"],
  ...["year_of_week", "yow", "hour", "minute", "second"],
]);
const NAMED: Readonly<Record<string, string>> = { dayofweek: "day_of_week", dayofyear: "day_of_year" };

/** Units of INTERVAL. */
const INTERVALS: ReadonlySet<string> = new Set(["second", "minute", "hour", "day", "week", "month", "year"]);

/** The field of an EXTRACT as a function of Trino's is called. */
export function fieldOf(field: unknown): string {
  const named = String(isNode(field) ? field.Custom : field).toLowerCase();
  return NAMED[named] ?? named;
}

/** A path of members and elements as DuckDB reads it; undefined for any other. */
export function jsonPath(path: unknown): string | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  if (!/^\$(\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9]+\]|\["[^"\\]+"\])*$/.test(text)) return undefined;
  return text.replaceAll(/\["([^"]+)"\]/g, '."$1"');
}

function countProblem(value: unknown, clause: string): string | undefined {
  return numberOf(value, /^[0-9]+$/) === undefined ? `${clause} of something else than a number` : undefined;
}

function calledWith(name: unknown, args: unknown): string | undefined {
  const called = String(name).toLowerCase();
  const range = Object.hasOwn(FUNCTIONS, called) ? FUNCTIONS[called] : undefined;
  if (range === undefined) return `the function ${called}`;
  const count = Array.isArray(args) ? args.length : 0;
  if (count >= range[0] && count <= range[1]) return undefined;
  return `the function ${called} with ${count} arguments`;
}

function argumentProblem(called: string, args: readonly unknown[]): string | undefined {
  const [first, second, third] = args;
  if (called === "date_trunc" || called === "date_diff" || called === "date_add") {
    const unit = textOf(first)?.toLowerCase();
    return unit !== undefined && UNITS.has(unit)
      ? undefined
      : `the unit ${unit ?? "that is computed"} of ${called}`;
  }
  if (called === "date_format" || called === "date_parse" || called === "format_datetime") {
    const format = textOf(second);
    const read = called === "format_datetime" ? jodaFormat : dateFormat;
    const known = format === undefined ? undefined : read(format);
    if (known === undefined) return `${called} with a format that is computed or has other parts`;
    return called === "date_parse" && !/%[Yy]/.test(known)
      ? "date_parse of a format without a year"
      : undefined;
  }
  if (called === "round" || called === "truncate") {
    if (second === undefined) return undefined;
    return numberOf(operand(second), /^[0-9]$/) === undefined
      ? `${called} to something else than 0 to 9 digits`
      : undefined;
  }
  if (called.startsWith("regexp_")) {
    const pattern = textOf(second);
    if (pattern === undefined) return `${called} with a pattern that is computed`;
    const group = called === "regexp_extract" && third !== undefined ? numberOf(third, /^[0-9]$/) : "0";
    if (group === undefined) return "regexp_extract of a group that is computed";
    if (called === "regexp_replace" && third !== undefined && textOf(third) === undefined)
      return "regexp_replace with a replacement that is computed";
    const problem = patternProblem(pattern, called === "regexp_like" ? undefined : Number(group));
    return problem === undefined ? undefined : `${called} with ${problem}`;
  }
  return undefined;
}

/** Units of the functions of dates. */
const UNITS: ReadonlySet<string> = new Set([
  ...["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"],
]);

/** Types of CAST, as the parser names them. */
const TYPES: ReadonlySet<string> = new Set([
  ...["boolean", "tiny_int", "small_int", "int", "big_int", "float", "double", "decimal"],
  ...["var_char", "date", "timestamp"],
]);

function typeProblem(to: unknown): string | undefined {
  const { data_type, precision, scale, timezone, length } = Object(to);
  const named = String(data_type).replaceAll("_", "").toUpperCase();
  if (timezone) return "CAST to TIMESTAMP WITH TIME ZONE";
  if (!TYPES.has(String(data_type))) return `CAST to ${named}`;
  if (data_type === "timestamp" && typeof precision === "number" && precision !== 3)
    return `CAST to TIMESTAMP(${precision}); TIMESTAMP(3)`;
  if (data_type === "decimal" && typeof precision === "number" && precision > 38)
    return "DECIMAL of over 38 digits";
  if (data_type === "decimal" && typeof precision !== "number" && scale) return "DECIMAL without a precision";
  return data_type === "var_char" && length === 0 ? "VARCHAR(0)" : undefined;
}
