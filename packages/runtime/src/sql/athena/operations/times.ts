import { text } from "../../quote.ts";
import type { Body } from "./bodies.ts";
import {
  A,
  B,
  isInstant,
  isInteger,
  isNull,
  isNumber,
  isText,
  isTime,
  TrinoRefusal,
  unexpected,
  ZONED,
} from "./types.ts";

/** How DuckDB makes an interval of so many units. */
const INTERVALS: Readonly<Record<string, (count: string) => string>> = {
  millisecond: (count) => `to_milliseconds(${count})`,
  second: (count) => `to_seconds(${count})`,
  minute: (count) => `to_minutes(${count})`,
  hour: (count) => `to_hours(${count})`,
  day: (count) => `to_days(CAST(${count} AS INTEGER))`,
  week: (count) => `to_days(CAST(7 * ${count} AS INTEGER))`,
  month: (count) => `to_months(CAST(${count} AS INTEGER))`,
  quarter: (count) => `to_months(CAST(3 * ${count} AS INTEGER))`,
  year: (count) => `to_months(CAST(12 * ${count} AS INTEGER))`,
};

const WITHIN_A_DAY = new Set(["millisecond", "second", "minute", "hour"]);

function refuseTimeOfDay(unit: string, type: string): void {
  if (type === "DATE" && WITHIN_A_DAY.has(unit))
    throw new TrinoRefusal(`INVALID_FUNCTION_ARGUMENT: '${unit}' is not a valid DATE field`);
}

const dateAdd: Body = ([to = "", count = ""], unit) => {
  if (isNull(to)) return "CAST(NULL AS TIMESTAMP)";
  if (!isTime(to) || !isInteger(count)) return unexpected("date_add", ["STRING_LITERAL", count, to]);
  refuseTimeOfDay(unit, to);
  return `CAST(${A} + ${INTERVALS[unit]?.(B)} AS ${to})`;
};

/** Units that have passed whole, towards zero. */
const dateDiff: Body = ([since = "", until = ""], unit) => {
  if (!isTime(since) || !isTime(until)) return unexpected("date_diff", ["STRING_LITERAL", since, until]);
  const dates = since === "DATE" && until === "DATE";
  if (dates) refuseTimeOfDay(unit, "DATE");
  const type = dates ? "DATE" : "TIMESTAMP";
  const [from, to] = [`CAST(${A} AS ${type})`, `CAST(${B} AS ${type})`];
  const between = (left: string, right: string) => `date_sub('${unit}', ${left}, ${right})`;
  return `CASE WHEN ${to} < ${from} THEN -${between(to, from)} ELSE ${between(from, to)} END`;
};

const dateTrunc: Body = ([type = ""], unit) => {
  if (!isTime(type)) return unexpected("date_trunc", ["STRING_LITERAL", type]);
  refuseTimeOfDay(unit, type);
  return `CAST(date_trunc('${unit}', ${A}) AS ${type})`;
};

/** What DuckDB calls the fields of a time. */
const FIELDS: Readonly<Record<string, string>> = {
  year: "year",
  quarter: "quarter",
  month: "month",
  week: "week",
  week_of_year: "week",
  day: "day",
  day_of_month: "day",
  day_of_week: "isodow",
  dow: "isodow",
  day_of_year: "dayofyear",
  doy: "dayofyear",
  year_of_week: "isoyear",
  yow: "isoyear",
  hour: "hour",
  minute: "minute",
  second: "second",
  millisecond: "millisecond",
};

const field: Body = ([type = ""], name) => {
  if (!isTime(type) && !isNull(type)) return unexpected(name, [type]);
  if (type === "DATE" && WITHIN_A_DAY.has(name)) return unexpected(name, [type]);
  // DuckDB's milliseconds go on from the seconds.
  if (name === "millisecond") return `CAST(millisecond(CAST(${A} AS TIMESTAMP)) % 1000 AS BIGINT)`;
  return `CAST(${FIELDS[name]}(CAST(${A} AS ${type === "DATE" ? "DATE" : "TIMESTAMP"})) AS BIGINT)`;
};

const dateFormat: Body = ([type = ""], format) =>
  isTime(type)
    ? `strftime(CAST(${A} AS TIMESTAMP), ${text(format)})`
    : unexpected("date_format", [type, "VARCHAR"]);

const dateParse: Body = ([type = ""], format) =>
  isText(type) ? `strptime(${A}, ${text(format)})` : unexpected("date_parse", [type, "VARCHAR"]);

const toIso8601: Body = ([type = ""]) => {
  if (type === "DATE") return `CAST(${A} AS VARCHAR)`;
  if (!isInstant(type)) return unexpected("to_iso8601", [type]);
  return `strftime(CAST(${A} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g${type === ZONED ? "Z" : ""}')`;
};

/** Operations on dates and times. */
export const times: Readonly<Record<string, Body>> = {
  date_add: dateAdd,
  date_diff: dateDiff,
  date_trunc: dateTrunc,
  field,
  date_format: dateFormat,
  date_parse: dateParse,
  to_iso8601: toIso8601,
  last_day_of_month: ([type = ""]) =>
    isTime(type) ? `last_day(CAST(${A} AS DATE))` : unexpected("last_day_of_month", [type]),
  from_unixtime: ([type = ""]) =>
    isNumber(type)
      ? `CAST(epoch_ms(CAST(round(CAST(${A} AS DOUBLE) * 1000) AS BIGINT)) AS ${ZONED})`
      : unexpected("from_unixtime", [type]),
  to_unixtime: ([type = ""]) =>
    isInstant(type) ? `epoch(CAST(${A} AS TIMESTAMP))` : unexpected("to_unixtime", [type]),
  from_iso8601_date: ([type = ""]) =>
    isText(type) ? `CAST(${A} AS DATE)` : unexpected("from_iso8601_date", [type]),
  from_iso8601_timestamp: ([type = ""]) =>
    isText(type) ? `CAST(${A} AS ${ZONED})` : unexpected("from_iso8601_timestamp", [type]),
  // Of the moment that the query began.
  instant: () => `CAST(${A} AS ${ZONED})`,
};
