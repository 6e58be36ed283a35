import type { Body } from "./bodies.ts";
import { A, B, C, failing, isInteger, isList, isText, unexpected } from "./types.ts";

const ofList =
  (name: string, body: string): Body =>
  (types) =>
    isList(types[0] ?? "") ? body : unexpected(name, types);

/** An element that is not there, which fails the query. */
const outside = `${A}[${failing("INVALID_FUNCTION_ARGUMENT", "BIGINT")}]`;

/** Behind the end of an array Trino fails where DuckDB answers NULL. */
const subscript: Body = ([of = "", index = ""]) => {
  if (!isList(of) || !isInteger(index)) return unexpected("[]", [of, index]);
  return `CASE WHEN ${B} < 1 OR ${B} > len(${A}) THEN ${outside} ELSE ${A}[${B}] END`;
};

/** NULL when it is not there and may be one that has no value. */
const contains = `CASE WHEN list_contains(${A}, ${B}) THEN true WHEN ${B} IS NULL OR len(list_filter(${A}, lambda item: item IS NULL)) > 0 THEN NULL WHEN ${A} IS NOT NULL THEN false END`;

const arrayJoin: Body = ([of = "", by = ""]) => {
  const element = of.slice(0, -2);
  if (!isList(of) || !isText(by) || !(isText(element) || isInteger(element)))
    return unexpected("array_join", [of, by]);
  return `CASE WHEN ${A} IS NOT NULL AND ${B} IS NOT NULL THEN coalesce(array_to_string(${A}, ${B}), '') END`;
};

const sequence: Body = (types, unit) => {
  const [from = "", to = "", step] = types;
  if (unit !== "") {
    if (from !== "DATE" || to !== "DATE") return unexpected("sequence", [from, to, "INTERVAL"]);
    const interval = unit === "day" ? "to_days" : "to_months";
    return `list_transform(generate_series(CAST(${A} AS TIMESTAMP), CAST(${B} AS TIMESTAMP), ${interval}(CAST(${C} AS INTEGER))), lambda each: CAST(each AS DATE))`;
  }
  if (from === "DATE" && to === "DATE" && step === undefined)
    return `list_transform(generate_series(CAST(${A} AS TIMESTAMP), CAST(${B} AS TIMESTAMP), CASE WHEN ${B} < ${A} THEN to_days(-1) ELSE to_days(1) END), lambda each: CAST(each AS DATE))`;
  if (!types.every(isInteger)) return unexpected("sequence", types);
  const by = step === undefined ? `CASE WHEN ${B} < ${A} THEN -1 ELSE 1 END` : C;
  return `generate_series(CAST(${A} AS BIGINT), CAST(${B} AS BIGINT), CAST(${by} AS BIGINT))`;
};

/** NULL where any element has no value. */
const extreme = (name: "list_max" | "list_min") =>
  `CASE WHEN len(list_filter(${A}, lambda item: item IS NULL)) = 0 THEN ${name}(${A}) END`;

/** Operations on arrays. */
export const lists: Readonly<Record<string, Body>> = {
  subscript,
  contains: ofList("contains", contains),
  element_at: ofList("element_at", `CASE WHEN ${B} = 0 THEN ${outside} ELSE ${A}[${B}] END`),
  cardinality: ofList("cardinality", `CAST(len(${A}) AS BIGINT)`),
  array_join: arrayJoin,
  array_max: ofList("array_max", extreme("list_max")),
  array_min: ofList("array_min", extreme("list_min")),
  array_sort: ofList("array_sort", `list_sort(${A}, 'ASC', 'NULLS LAST')`),
  array_distinct: ofList(
    "array_distinct",
    // In the order in which they come first, with NULL as a value.
    `list_filter(${A}, lambda item, place: len(list_filter(list_slice(${A}, 1, place - 1), lambda before: before IS NOT DISTINCT FROM item)) = 0)`,
  ),
  array_position: ofList("array_position", `CAST(coalesce(list_position(${A}, ${B}), 0) AS BIGINT)`),
  slice: ofList(
    "slice",
    `CASE WHEN ${B} = 0 OR ${C} < 0 THEN [${outside}] WHEN ${B} < 0 THEN list_slice(${A}, len(${A}) + ${B} + 1, len(${A}) + ${B} + ${C}) ELSE list_slice(${A}, ${B}, ${B} + ${C} - 1) END`,
  ),
  sequence,
};
