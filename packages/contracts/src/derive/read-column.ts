import * as v from "valibot";
import { isDate } from "../actions/iso-date.ts";
import { isTimestamp } from "../actions/iso-timestamp.ts";
import { IDENTIFIER } from "../columns/identifier.ts";
import type { LogicalType } from "../contract.ts";
import { UnsupportedAction } from "../errors.ts";
import { type Check, readCheck } from "./read-check.ts";

/** What a column's schema says, in the terms that every compiler works from. */
export interface ColumnReading {
  readonly name: string;
  readonly type: LogicalType;
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly identifier: boolean;
  readonly description?: string;
  readonly checks: readonly Check[];
}

type Base = "string" | "picklist" | "number" | "boolean" | "timestamp" | "date";

/**
 * Reads the schema of one column.
 *
 * Schemas and actions are told by their `reference`, not by their name: another library's `regex` is not ours.
 * @throws UnsupportedAction for anything that the SQL compiler cannot express with the same meaning.
 */
export function readColumn(name: string, schema: v.GenericSchema): ColumnReading {
  const refuse = (action: string, advice: string): never => {
    throw new UnsupportedAction(name, action, advice);
  };
  const outer = readWrappers(schema, refuse);
  const items = flatten(outer.inner, refuse);
  const [root, ...actions] = items;
  if (root?.kind !== "schema") return refuse("an empty pipe", "start it with a schema");
  const { base, checks } = readBase(root, refuse);
  let identifier = false;
  let description: string | undefined;
  for (const action of actions) {
    if (action.kind === "metadata") {
      if (action.reference === v.description && "description" in action)
        description = `${action.description}`;
      identifier ||= "metadata" in action && action.metadata === IDENTIFIER;
    } else if (action.kind === "validation") {
      const check = readCheck(base, action, refuse);
      if (check?.rule === "format" && checks.some(({ rule }) => rule === "format")) {
        refuse("a second regex", "JSON Schema has one pattern; write both as one");
      }
      if (check !== null) checks.push(check);
    } else {
      refuse(action.type, "a contract checks values and never changes them; put no second schema in a pipe");
    }
  }
  return {
    name,
    ...typeOf(base, checks, refuse),
    nullable: outer.nullable,
    optional: outer.optional,
    identifier,
    ...(description === undefined ? {} : { description }),
    checks,
  };
}

/** Refuses a schema or an action of the column, with advice. */
export type Refuse = (action: string, advice: string) => never;

/** A schema or an action as it stands in a pipe. */
export interface PipeItem {
  readonly kind: "schema" | "validation" | "transformation" | "metadata";
  readonly type: string;
  readonly reference: unknown;
}

function readWrappers(schema: v.GenericSchema, refuse: Refuse) {
  let inner: PipeItem = schema;
  let nullable = false;
  let optional = false;
  for (;;) {
    refuseFallback(inner, refuse);
    const wraps = inner.reference === v.nullable || inner.reference === v.nullish;
    if (!wraps || "pipe" in inner) return { inner, nullable, optional };
    if ("default" in inner && inner.default !== undefined) {
      refuse(`${inner.type} with a default`, "a contract checks values and never fills them in");
    }
    nullable = true;
    optional ||= inner.reference === v.nullish;
    if (!("wrapped" in inner) || !isPipeItem(inner.wrapped)) return refuse(inner.type, "it wraps no schema");
    inner = inner.wrapped;
  }
}

function flatten(item: PipeItem, refuse: Refuse): PipeItem[] {
  refuseFallback(item, refuse);
  if (!("pipe" in item) || !Array.isArray(item.pipe)) return [item];
  const [first, ...rest] = item.pipe.filter(isPipeItem);
  if (first === undefined) return refuse("an empty pipe", "start it with a schema");
  return [...flatten(first, refuse), ...rest];
}

function refuseFallback(item: PipeItem, refuse: Refuse): void {
  if ("fallback" in item) refuse("fallback", "it would hide the broken rule");
}

function isPipeItem(value: unknown): value is PipeItem {
  return typeof value === "object" && value !== null && "kind" in value && "type" in value;
}

function readBase(root: PipeItem, refuse: Refuse): { base: Base; checks: Check[] } {
  switch (root.reference) {
    case v.string:
      return { base: "string", checks: [] };
    case v.number:
      return { base: "number", checks: [] };
    case v.boolean:
      return { base: "boolean", checks: [] };
    case v.picklist:
      return { base: "picklist", checks: [readOptions(root, refuse)] };
    case v.custom:
      if ("check" in root && root.check === isTimestamp) return { base: "timestamp", checks: [] };
      if ("check" in root && root.check === isDate) return { base: "date", checks: [] };
      return refuse(root.type, "SQL cannot run JavaScript");
    default:
      return refuse(
        root.type,
        "use string, number, boolean, picklist, isoTimestamp or isoDate, and nullable or nullish around all of it",
      );
  }
}

function readOptions(root: PipeItem, refuse: Refuse): Check {
  const options: unknown = "options" in root ? root.options : undefined;
  if (!Array.isArray(options) || options.length === 0) return refuse("picklist", "it has no options");
  if (!options.every((option) => typeof option === "string" && /^[ -~]+$/.test(option))) {
    return refuse("picklist", "its options must be printable ASCII words");
  }
  return { rule: "one_of", options };
}

function typeOf(base: Base, checks: readonly Check[], refuse: Refuse) {
  if (base === "picklist") return { type: "string" as const };
  if (base !== "number") return { type: base };
  const least = limit(checks, "min_value") ?? Number.NEGATIVE_INFINITY;
  const greatest = limit(checks, "max_value") ?? Number.POSITIVE_INFINITY;
  const places = checks.find((check) => check.rule === "decimals");
  const whole = checks.some((check) => check.rule === "integer");
  if (places !== undefined && whole) refuse("integer with decimals", "use one of them");
  if (places !== undefined) {
    const { precision, scale } = places.shape;
    const bound = 10 ** (precision - scale);
    if (!(least > -bound && greatest < bound)) {
      refuse(
        "decimals",
        `give minValue and maxValue within ±10^${precision - scale}, or the cast can overflow`,
      );
    }
    return { type: "decimal" as const, precision, scale };
  }
  if (whole) {
    if (!Number.isSafeInteger(least) || !Number.isSafeInteger(greatest)) {
      refuse("integer", "give minValue and maxValue within ±(2^53 − 1), where doubles are exact");
    }
    return { type: "integer" as const };
  }
  return { type: "double" as const };
}

function limit(checks: readonly Check[], rule: "min_value" | "max_value"): number | undefined {
  const found = checks.flatMap((check) =>
    check.rule === rule && typeof check.limit === "number" ? [check.limit] : [],
  );
  return found.length === 0 ? undefined : rule === "min_value" ? Math.max(...found) : Math.min(...found);
}
