import { DECIMAL_TOLERANCE, decimalsCheckedBelow } from "../actions/decimals.ts";
import type { Check } from "../derive/read-check.ts";
import type { ColumnReading } from "../derive/read-column.ts";
import type { Storage } from "./physical.ts";
import { double, matches, number, text } from "./sql-text.ts";

/** Doubles from here on are whole. */
const WHOLE_FROM = double(2 ** 53);
const GREATEST_FINITE = double(Number.MAX_VALUE);

/**
 * SQL that is true when `value` breaks the check, and NULL or false when it does not; null when no cell of this
 * storage can break it. NaN never reaches a check: it reads as NULL. The engines order it differently.
 */
export function brokenSql(
  check: Check,
  column: ColumnReading,
  storage: Storage,
  value: string,
): string | null {
  const exact = storage.kind === "whole" || storage.kind === "decimal";
  switch (check.rule) {
    case "min_value":
      if (typeof check.limit === "number" && leastOf(storage) >= check.limit) return null;
      return `${value} < ${limit(check.limit, column, storage)}`;
    case "max_value":
      if (typeof check.limit === "number" && greatestOf(storage) <= check.limit) return null;
      return `${value} > ${limit(check.limit, column, storage)}`;
    case "min_length":
      return `length(${value}) < ${check.limit}`;
    case "max_length":
      return `length(${value}) > ${check.limit}`;
    case "not_finite":
      return exact ? null : `abs(${value}) > ${GREATEST_FINITE}`;
    case "integer":
      if (storage.kind === "whole" || (storage.kind === "decimal" && storage.scale === 0)) return null;
      return `(abs(${value}) < ${WHOLE_FROM} AND floor(${value}) <> ${value}) OR abs(${value}) > ${GREATEST_FINITE}`;
    case "decimals": {
      const { shape } = check;
      if (
        storage.kind === "whole" ||
        (storage.kind === "decimal" && storage.precision <= 15 && storage.scale <= shape.scale)
      ) {
        return null;
      }
      const unit = double(10 ** shape.scale);
      const nearest = `floor(${value} * ${unit} + 0.5E0) / ${unit}`;
      const beyond = `abs(${nearest} - ${value}) > abs(${value}) * ${double(DECIMAL_TOLERANCE)}`;
      return `abs(${value}) < ${double(decimalsCheckedBelow(shape))} AND ${beyond}`;
    }
    case "format":
      return `NOT ${matches(value, check.pattern)}`;
    case "one_of":
      return `${value} NOT IN (${check.options.map(text).join(", ")})`;
  }
}

function limit(value: number | string, column: ColumnReading, storage: Storage): string {
  if (typeof value === "number") return storage.kind === "whole" ? number(value) : double(value);
  return column.type === "date" ? `DATE ${text(value)}` : `TIMESTAMP ${text(value.replace("T", " "))}`;
}

function leastOf(storage: Storage): number {
  return storage.kind === "whole" ? storage.least : -greatestDecimal(storage);
}

function greatestOf(storage: Storage): number {
  return storage.kind === "whole" ? storage.greatest : greatestDecimal(storage);
}

/** The greatest value of a narrow decimal, in the same arithmetic as `decimal()`; else unbounded. */
function greatestDecimal(storage: Storage): number {
  if (storage.kind !== "decimal" || storage.precision > 15) return Number.POSITIVE_INFINITY;
  return (10 ** storage.precision - 1) / 10 ** storage.scale;
}
