import { compileTable, EVENT_TIME_FORM, interactions } from "@penstock/contracts";
import { identifier, text, toEngine } from "@penstock/runtime";
import { PLAIN_IDS, PLAIN_LINE } from "./plain-lines.ts";

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

/** Every line of the files, and of which object it is; an empty line is NULL. */
function linesOf(files: readonly string[]): string {
  if (files.length === 0) return "SELECT 0 AS object, CAST(NULL AS VARCHAR) AS line WHERE FALSE";
  // Every option is given: what DuckDB finds out by itself it finds out from the first lines only.
  return `SELECT object, line FROM read_csv([${files.map(text).join(", ")}], columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', comment = '', header = false, auto_detect = false, new_line = '\\n', hive_partitioning = true, hive_types = {'object': INTEGER})`;
}

/**
 * The lines of a source with the contract's columns as they read, NULL where they do not, and what else JSON says.
 * `source` has `object`, `line` and the columns named. Of a line that is `_plain` there is nothing else to say; where
 * everything about a line is to be said, `closely`, none is.
 */
function cells(
  source: string,
  carried: readonly string[],
  objects: readonly LandedObject[],
  closely: boolean,
): string {
  const shape = text(`{${names.map((name) => `"${name}":"VARCHAR"`).join(",")}}`);
  const paths = names.map((name) => text(`$.${name}`)).join(", ");
  const values = names.flatMap((name, index) => {
    const type = `_types[${index + 1}]`;
    return [
      `${cellOf(name, `_read.${identifier(name)}`, type)} AS ${identifier(name)}`,
      `CASE WHEN NOT _plain THEN COALESCE(${type}, 'NULL') END AS ${identifier(`_type_${name}`)}`,
    ];
  });
  const more = [
    ...carried,
    "line",
    "_plain",
    "line IS NULL AS _blank",
    "_read IS NULL AS _no_json",
    // A CASE, since AND computes both of its sides: on lists that costs more than all else of a line.
    `CASE WHEN _keys IS NULL OR _keys = ${KNOWN} THEN FALSE ELSE NOT list_has_all(${KNOWN}, _keys) END AS _unknown`,
    `CASE WHEN _keys IS NULL OR _keys = ${KNOWN} THEN FALSE ELSE len(_keys) <> len(list_distinct(_keys)) END AS _repeated`,
    `list_extract([${objects.map(({ day }) => `DATE ${text(day)}`).join(", ")}], object + 1) AS _day`,
    `list_extract([${objects.map(({ latest }) => moment(latest)).join(", ")}], object + 1) AS _latest`,
  ];
  const plain = closely ? "FALSE" : `COALESCE(regexp_full_match(line, ${text(PLAIN_LINE)}), FALSE)`;
  return `SELECT ${[...values, ...more].join(", ")} FROM (
    SELECT ${carried.join(", ")}, line, _plain, TRY(json_transform(line, ${shape})) AS _read,
      CASE WHEN NOT _plain THEN TRY(json_type(line, [${paths}])) END AS _types,
      CASE WHEN NOT _plain THEN TRY(json_keys(line)) END AS _keys
    FROM (SELECT ${carried.join(", ")}, line, ${plain} AS _plain FROM (${source})))`;
}

const KNOWN = `[${names.map(text).join(", ")}]`;

function cellOf(name: string, raw: string, type: string): string {
  switch (typeOf(name)) {
    case "TIMESTAMP":
      // DuckDB leaves an offset out of account unless the moment is to have a zone.
      return `CASE WHEN _plain THEN TRY_CAST(${raw} AS TIMESTAMP) WHEN ${type} = 'VARCHAR' AND regexp_full_match(${raw}, ${text(EVENT_TIME_FORM)}) THEN CASE WHEN regexp_matches(${raw}, '[+-][0-9][0-9]:[0-9][0-9]$') THEN timezone('UTC', TRY_CAST(${raw} AS TIMESTAMPTZ)) ELSE TRY_CAST(${raw} AS TIMESTAMP) END END`;
    case "DOUBLE":
      return `CASE WHEN _plain OR ${type} IN ('DOUBLE', 'UBIGINT', 'BIGINT', 'HUGEINT') THEN TRY_CAST(${raw} AS DOUBLE) END`;
    default:
      return `CASE WHEN _plain OR ${type} = 'VARCHAR' THEN ${raw} END`;
  }
}

const MOMENTS = [
  { name: "timestamp.future", broken: '"timestamp" > "_latest"' },
  { name: "timestamp.other_day", broken: 'CAST("timestamp" AS DATE) <> "_day"' },
];

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

/** What a line that cannot be unpacked with its object is rejected for. */
export const DAMAGED = "object.gzip";

/** The reasons by the check of the report that they count for; a key without a value has a check of its own. */
export function reasonsOf(check: "schema" | "types"): string[] {
  const all = [...reasons().map(({ name }) => name), DAMAGED].filter((name) => !name.endsWith(".required"));
  return all.filter((name) => /^(?:line|object)[.]/.test(name) === (check === "schema"));
}

/**
 * The lines of files, each judged: the landed columns, `object`, and for a rejected one its text as `line`. `_kind` is
 * `row`, `rejected`, or `blank` for a line without anything, which is none.
 */
export function judgedLines(files: readonly string[], objects: readonly LandedObject[]): string {
  const columns = names.map(identifier).join(", ");
  const broken = reasons().map(({ broken: condition }) => `(${condition})`);
  const plain = [
    '"timestamp" IS NULL',
    ...MOMENTS.map(({ broken: condition }) => condition),
    ...PLAIN_IDS.map((name) => `length(${identifier(name)}) > 64`),
  ];
  const flagged = toEngine(
    `SELECT ${columns}, "object", "line", "_blank", "_plain", CASE WHEN "_plain" THEN ${plain.join(" OR ")} ELSE ${broken.join(" OR ")} END AS "_broken" FROM cells`,
    "duckdb",
  );
  const landed = Object.entries(LANDED_COLUMNS).map(([name, column]) => {
    if (name !== "page_context") return `${identifier(column)} AS ${identifier(name)}`;
    const words = identifier(column);
    return `CASE WHEN _plain THEN ${words} ELSE ${plainText(words)} END AS ${identifier(name)}`;
  });
  return `WITH cells AS (${cells(linesOf(files), ["object"], objects, false)})
    SELECT ${landed.join(", ")}, object,
      CASE WHEN _blank THEN 'blank' WHEN _broken THEN 'rejected' ELSE 'row' END AS _kind,
      CASE WHEN _broken AND NOT _blank THEN line END AS line
    FROM (${flagged})`;
}

/** Text that machines chose from a few words: as they meant it, and without card numbers. */
function plainText(column: string): string {
  const words = `trim(regexp_replace(lower(${column}), '[ \\t\\n\\r]+', ' ', 'g'))`;
  return `COALESCE(hidden_cards([${words}])[1], ${words})`;
}

/** The rejected lines of a table of {@link judgedLines}, each with `number` (of all lines) and its sorted `reasons`. */
export function rejectedLines(table: string, objects: readonly LandedObject[]): string {
  const source = `SELECT rowid AS number, object, line FROM ${identifier(table)} WHERE _kind = 'rejected'`;
  const flags = reasons().map(({ broken }, index) => `${broken} AS ${identifier(`_reason_${index}`)}`);
  const flagged = toEngine(`SELECT "number", "object", "line", ${flags.join(", ")} FROM cells`, "duckdb");
  const named = reasons().map(
    ({ name }, index) => `CASE WHEN ${identifier(`_reason_${index}`)} THEN ${text(name)} END`,
  );
  return `WITH cells AS (${cells(source, ["number", "object"], objects, true)})
    SELECT number, object, line, list_sort(list_filter([${named.join(", ")}], lambda reason: reason IS NOT NULL)) AS reasons
    FROM (${flagged})`;
}

function moment(at: Date): string {
  return `TIMESTAMP '${at.toISOString().replace("T", " ").replace("Z", "")}'`;
}
