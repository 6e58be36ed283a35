import { compileTable, EVENT_TIME_FORM, interactions } from "@penstock/contracts";
import { identifier, text, toEngine } from "@penstock/runtime";

/**
 * Lines of JSON to typed rows, as DuckDB's own SQL: only the Lambda lands. What a value must be comes from the contract,
 * compiled; what JSON has on top (types of its own, fields that nobody knows) is added here.
 */

/** What is known of each object of a landing, in the order of their numbers. */
export interface LandedObject {
  readonly key: string;
  /** The day in whose folder it lies. */
  readonly day: string;
  /** Moment after which an event cannot have happened: the object's arrival, and some clock skew. */
  readonly latest: Date;
}

/** The columns of landed rows, with the contract's column that each comes of. */
export const LANDED_COLUMNS = {
  interaction_id: "interaction_id",
  user_id: "user_id",
  product_id: "product_id",
  interaction_type: "interaction_type",
  occurred_at: "timestamp",
  session_id: "session_id",
  rating: "rating",
  device_type: "device_type",
  page_context: "page_context",
} as const;

const names = Object.keys(interactions.schema.entries);
const typeOf = (name: string): string => {
  const { type } = interactions.columns.find((column) => column.name === name) ?? { type: "string" };
  return { timestamp: "TIMESTAMP", double: "DOUBLE" }[String(type)] ?? "VARCHAR";
};

const MOMENTS = [
  { name: "timestamp.future", broken: '"timestamp" > "_latest"' },
  { name: "timestamp.other_day", broken: 'CAST("timestamp" AS DATE) <> "_day"' },
];

/** The day and the latest moment of an object, by its number. */
function limits(objects: readonly LandedObject[]): string {
  const of = (values: readonly string[]) => `list_extract([${values.join(", ")}], object + 1)`;
  return `${of(objects.map(({ day }) => `DATE ${text(day)}`))} AS _day, ${of(objects.map(({ latest }) => moment(latest)))} AS _latest`;
}

/**
 * Plain lines as they are landed, with their `object`: `sound` unless their moment is wrong, which is all that can be. A
 * line in whose place there is a gap has no column and is neither.
 */
export function plainRows(files: readonly string[], objects: readonly LandedObject[]): string {
  const columns = Object.fromEntries(
    names.map((name) => [name, typeOf(name) === "TIMESTAMP" ? "VARCHAR" : typeOf(name)]),
  );
  const values = names.map((name) =>
    typeOf(name) === "TIMESTAMP"
      ? `TRY_CAST(${identifier(name)} AS TIMESTAMP) AS ${identifier(name)}`
      : identifier(name),
  );
  const landed = Object.entries(LANDED_COLUMNS).map(
    ([name, column]) => `${identifier(column)} AS ${identifier(name)}`,
  );
  const wrong = MOMENTS.map(({ broken }) => broken).join(" OR ");
  return `SELECT ${landed.join(", ")}, object,
      CASE WHEN interaction_id IS NOT NULL THEN COALESCE(NOT (${wrong}), FALSE) END AS sound
    FROM (SELECT ${values.join(", ")}, object, ${limits(objects)} FROM ${readJson(files, columns)})`;
}

/** The other lines of objects, each with its `place` among them. */
export function otherLines(files: readonly string[]): string {
  return `SELECT object, place, line FROM ${readJson(files, { place: "BIGINT", line: "VARCHAR" })}`;
}

function readJson(files: readonly string[], columns: Readonly<Record<string, string>>): string {
  const typed = Object.entries(columns).map(([name, type]) => `${text(name)}: ${text(type)}`);
  return `read_json([${files.map(text).join(", ")}], format = 'newline_delimited', columns = {${typed.join(", ")}}, hive_partitioning = true, hive_types = {'object': INTEGER})`;
}

/** The lines of sifted files as they stand there, with `number` counted over all of them from 0. */
export function siftedLines(files: readonly string[]): string {
  // Every option is given: what DuckDB finds out by itself it finds out from the first lines only.
  return `SELECT object, line, row_number() OVER () - 1 AS number FROM read_csv([${files.map(text).join(", ")}], columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', comment = '', header = false, auto_detect = false, new_line = '\\n', hive_partitioning = true, hive_types = {'object': INTEGER})`;
}

/** The lines of a source with the contract's columns as they read, NULL where they do not, and what else JSON says. */
function cells(source: string, objects: readonly LandedObject[]): string {
  const shape = text(`{${names.map((name) => `"${name}":"VARCHAR"`).join(",")}}`);
  const paths = names.map((name) => text(`$.${name}`)).join(", ");
  const values = names.flatMap((name, index) => {
    const type = `_types[${index + 1}]`;
    return [
      `${cellOf(name, `_read.${identifier(name)}`, type)} AS ${identifier(name)}`,
      `COALESCE(${type}, 'NULL') AS ${identifier(`_type_${name}`)}`,
    ];
  });
  const more = [
    "number",
    "object",
    "line",
    "_read IS NULL AS _no_json",
    // A CASE, since AND computes both of its sides: on lists that costs more than all else of a line.
    `CASE WHEN _keys IS NULL OR _keys = ${KNOWN} THEN FALSE ELSE NOT list_has_all(${KNOWN}, _keys) END AS _unknown`,
    `CASE WHEN _keys IS NULL OR _keys = ${KNOWN} THEN FALSE ELSE len(_keys) <> len(list_distinct(_keys)) END AS _repeated`,
    limits(objects),
  ];
  return `SELECT ${[...values, ...more].join(", ")} FROM (
    SELECT number, object, line, TRY(json_transform(line, ${shape})) AS _read,
      TRY(json_type(line, [${paths}])) AS _types, TRY(json_keys(line)) AS _keys
    FROM (${source}))`;
}

const KNOWN = `[${names.map(text).join(", ")}]`;

function cellOf(name: string, raw: string, type: string): string {
  switch (typeOf(name)) {
    case "TIMESTAMP":
      // DuckDB leaves an offset out of account unless the moment is to have a zone.
      return `CASE WHEN ${type} = 'VARCHAR' AND regexp_full_match(${raw}, ${text(EVENT_TIME_FORM)}) THEN CASE WHEN regexp_matches(${raw}, '[+-][0-9][0-9]:[0-9][0-9]$') THEN timezone('UTC', TRY_CAST(${raw} AS TIMESTAMPTZ)) ELSE TRY_CAST(${raw} AS TIMESTAMP) END END`;
    case "DOUBLE":
      return `CASE WHEN ${type} IN ('DOUBLE', 'UBIGINT', 'BIGINT', 'HUGEINT') THEN TRY_CAST(${raw} AS DOUBLE) END`;
    default:
      return `CASE WHEN ${type} = 'VARCHAR' THEN ${raw} END`;
  }
}

/** Why a line is rejected, each with its condition over {@link cells}, in the dialect that contracts compile to. */
function reasons(): { readonly name: string; readonly broken: string }[] {
  const physical = names.map((name) => ({ name, type: typeOf(name) }));
  const { rules } = compileTable(interactions, "penstock", physical);
  const typed = rules.filter(({ rule }) => !rule.endsWith(".required") && !rule.endsWith(".type"));
  const own = interactions.columns.flatMap(({ name, nullable }) => {
    const type = identifier(`_type_${name}`);
    const unread = rules.find(({ rule }) => rule === `${name}.type`)?.broken;
    const wrong = `${type} <> 'NULL' AND ${identifier(name)} IS NULL`;
    return [
      ...(nullable ? [] : [{ name: `${name}.required`, broken: `NOT "_no_json" AND ${type} = 'NULL'` }]),
      { name: `${name}.type`, broken: unread === undefined ? wrong : `(${wrong}) OR (${unread})` },
    ];
  });
  return [
    { name: "line.json", broken: '"_no_json"' },
    { name: "line.unknown_field", broken: '"_unknown"' },
    { name: "line.repeated_field", broken: '"_repeated"' },
    ...own,
    ...typed.map(({ rule, broken }) => ({ name: rule, broken })),
    ...MOMENTS.map(({ name, broken }) => ({ name, broken: `COALESCE(${broken}, FALSE)` })),
  ];
}

/** The reasons by the check of the report that they count for; a key without a value has a check of its own. */
export function reasonsOf(check: "schema" | "types"): string[] {
  const all = reasons().map(({ name }) => name);
  return all.filter(
    (name) => !name.endsWith(".required") && name.startsWith("line.") === (check === "schema"),
  );
}

/**
 * Lines (`number`, `object`, `line`) as they are landed, each with its sorted `reasons`; one without any is sound. This
 * looks at every line in all ways: for those that are not plain, or not sound.
 */
export function judgedLines(source: string, objects: readonly LandedObject[]): string {
  const flags = reasons().map(({ broken }, index) => `${broken} AS ${identifier(`_reason_${index}`)}`);
  const flagged = toEngine(
    `SELECT "number", "object", "line", ${[...names.map(identifier), ...flags].join(", ")} FROM cells`,
    "duckdb",
  );
  const named = reasons().map(
    ({ name }, index) => `CASE WHEN ${identifier(`_reason_${index}`)} THEN ${text(name)} END`,
  );
  const landed = Object.entries(LANDED_COLUMNS).map(([name, column]) => {
    const value = identifier(column);
    return `${name === "page_context" ? plainText(value) : value} AS ${identifier(name)}`;
  });
  return `WITH cells AS (${cells(source, objects)})
    SELECT ${landed.join(", ")}, object, number, line,
      list_sort(list_filter([${named.join(", ")}], lambda reason: reason IS NOT NULL)) AS reasons
    FROM (${flagged})`;
}

/** Text that machines chose from a few words: as they meant it, and without card numbers. */
function plainText(column: string): string {
  const words = `trim(regexp_replace(lower(${column}), '[ \\t\\n\\r]+', ' ', 'g'))`;
  return `COALESCE(hidden_cards([${words}])[1], ${words})`;
}

function moment(at: Date): string {
  return `TIMESTAMP '${at.toISOString().replace("T", " ").replace("Z", "")}'`;
}
