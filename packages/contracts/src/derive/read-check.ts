import * as v from "valibot";
import { type DecimalShape, decimals } from "../actions/decimals.ts";
import { isDate } from "../actions/iso-date.ts";
import { isTimestamp } from "../actions/iso-timestamp.ts";
import { wellFormed } from "../actions/well-formed.ts";
import { readPattern } from "./pattern.ts";
import type { PipeItem, Refuse } from "./read-column.ts";

/** One rule of a column beside its type and nullability. `rule` is the last part of the rule's name. */
export type Check =
  | { readonly rule: "min_value" | "max_value"; readonly limit: number | string }
  | { readonly rule: "min_length" | "max_length"; readonly limit: number }
  | { readonly rule: "integer" | "not_finite" }
  | { readonly rule: "decimals"; readonly shape: DecimalShape }
  | { readonly rule: "format"; readonly pattern: string; readonly longest: number }
  | { readonly rule: "one_of"; readonly options: readonly string[] };

/**
 * Reads one validation action; null for one that no stored value can break (`wellFormed`).
 * @throws UnsupportedAction (through `refuse`) for any other action, or one whose requirement has no SQL.
 */
export function readCheck(base: string, action: PipeItem, refuse: Refuse): Check | null {
  const requirement: unknown = "requirement" in action ? action.requirement : undefined;
  const on = (needed: string): void => {
    if (base !== needed) refuse(`${action.type} on a ${base}`, `it is only supported on a ${needed}`);
  };
  switch (action.reference) {
    case v.integer:
      on("number");
      return { rule: "integer" };
    case v.finite:
      on("number");
      return { rule: "not_finite" };
    case decimals:
      on("number");
      return { rule: "decimals", shape: readShape(requirement, refuse) };
    case v.minValue:
      return { rule: "min_value", limit: readLimit(base, action.type, requirement, MIN_TIMESTAMP, refuse) };
    case v.maxValue:
      return { rule: "max_value", limit: readLimit(base, action.type, requirement, MAX_TIMESTAMP, refuse) };
    case v.minCodePoints:
      on("string");
      return { rule: "min_length", limit: readLength(action.type, requirement, refuse) };
    case v.maxCodePoints:
      on("string");
      return { rule: "max_length", limit: readLength(action.type, requirement, refuse) };
    case v.regex: {
      on("string");
      if (!(requirement instanceof RegExp)) return refuse("regex", "its requirement is no RegExp");
      const pattern = readPattern(requirement);
      if ("reason" in pattern) return refuse(`regex ${requirement}`, pattern.reason);
      return { rule: "format", pattern: pattern.body, longest: pattern.longest };
    }
    case wellFormed:
      on("string");
      return null;
    default:
      return refuse(
        action.type,
        "use integer, finite, decimals, minValue, maxValue, minCodePoints, maxCodePoints, regex or wellFormed",
      );
  }
}

/** valibot compares moments as text; only these two forms order as moments against every other form. */
const MIN_TIMESTAMP = /:[0-9]{2}$/;
const MAX_TIMESTAMP = /[.][0-9]{6}$/;

function readLimit(
  base: string,
  type: string,
  limit: unknown,
  form: RegExp,
  refuse: Refuse,
): number | string {
  if (base === "number" && typeof limit === "number" && Number.isFinite(limit)) return limit;
  if (base === "timestamp" && isTimestamp(limit) && form.test(limit)) return limit;
  if (base === "date" && isDate(limit)) return limit;
  return refuse(
    `${type} ${String(limit)} on a ${base}`,
    "the limit is a finite number on a number; on a timestamp, a least one has no fraction and a greatest one six digits",
  );
}

function readLength(type: string, limit: unknown, refuse: Refuse): number {
  if (typeof limit === "number" && Number.isSafeInteger(limit) && limit >= 0) return limit;
  return refuse(`${type} ${String(limit)}`, "a length is a whole number");
}

function readShape(shape: unknown, refuse: Refuse): DecimalShape {
  const read = v.safeParse(v.object({ precision: WHOLE, scale: WHOLE }), shape);
  if (read.success && read.output.precision <= 15 && read.output.scale <= read.output.precision)
    return read.output;
  return refuse("decimals", "at most 15 digits in all, or a double does not hold them");
}

const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(0));
