import { textFlags } from "@penstock/runtime/flags";
import { type FileContent, noRepairs, type ReadRecord, type ReadSection } from "./file-content.ts";
import { JsonRecords, type JsonText } from "./json-record.ts";
import { isObject, type JsonValue } from "./json-value.ts";

/** A record that is longer has the arrays of objects within it as records of their own. */
const LONG_RECORD = 6000;
/** A pointer that is longer is not followed: what it leads to stays where it is. */
const LONG_POINTER = 500;

/**
 * Reads a JSON file: the elements of each array of objects are its records, the outermost first, those within a long record
 * too; what is left is row 1 of the whole.
 */
export function readJson(value: JsonValue, encoding: string, otherLines: number): FileContent {
  const records = new JsonRecords();
  const sections: ReadSection[] = [];
  const tables = tablesIn(value, "");
  for (const table of tables) sections.push(...tableSections(table, records));
  const rest = records.text(value, new Set(tables.map(({ rows }) => rows)));
  if (rest.said !== "") sections.push({ member: null, path: "", header: null, records: [recordOf(rest, 1)] });
  return {
    format: "json",
    encoding,
    columns: 0,
    dialect: null,
    members: [],
    repairs: { ...noRepairs, other_encoding_lines: otherLines, double_encoded: records.encoded.count },
    sections,
    asides: [],
    hidden: records.hidden.counts(),
  };
}

interface Table {
  readonly rows: readonly JsonValue[];
  readonly pointer: string;
}

/** The outermost arrays of objects in a value. It is at most 200 deep: what is deeper was refused. */
function tablesIn(value: JsonValue, pointer: string): Table[] {
  if (pointer.length > LONG_POINTER) return [];
  if (Array.isArray(value)) return value.some(isContainer) ? [{ rows: value, pointer }] : [];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => tablesIn(each, `${pointer}/${pointerPart(key)}`));
}

function isContainer(value: JsonValue): boolean {
  return typeof value === "object" && value !== null;
}

/** A key as a JSON pointer writes it. */
function pointerPart(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function tableSections({ rows, pointer }: Table, records: JsonRecords): ReadSection[] {
  const within: ReadSection[] = [];
  const found = rows.map((row, index) => {
    const whole = jsonLength(row) > LONG_RECORD ? tablesOfRecord(row, `${pointer}/${index}`) : [];
    for (const table of whole) within.push(...tableSections(table, records));
    return recordOf(records.text(row, new Set(whole.map((table) => table.rows))), index + 1);
  });
  return [{ member: null, path: pointer, header: null, records: found }, ...within];
}

function tablesOfRecord(row: JsonValue, pointer: string): Table[] {
  if (!Array.isArray(row)) return tablesIn(row, pointer);
  return row.flatMap((each, index) => tablesIn(each, `${pointer}/${index}`));
}

/** About how long a value is, counted no further than it matters. */
function jsonLength(value: JsonValue): number {
  let length = 0;
  const waiting: JsonValue[] = [value];
  for (let next = waiting.pop(); next !== undefined && length <= LONG_RECORD; next = waiting.pop()) {
    if (typeof next === "string") length += next.length;
    else if (Array.isArray(next)) waiting.push(...next.slice(0, LONG_RECORD));
    else if (isObject(next)) {
      for (const [key, each] of Object.entries(next)) {
        length += key.length;
        waiting.push(each);
      }
    } else length += 4;
  }
  return length;
}

/** A record of a JSON file. */
export function recordOf({ shown, said }: JsonText, row: number): ReadRecord {
  return { row, offset: null, text: shown, codes: textFlags(said) };
}
