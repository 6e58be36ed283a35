import { cellsOf, Fields, pairsOf } from "./fields.ts";

/** A record of an export as the message shows it. */
export interface ShownRecord {
  /** `r17` */
  readonly label: string;
  readonly text: string;
  readonly fields: Fields;
}

/** Records of one table, array or text. */
export interface ShownSection {
  /** Path of the member and pointer of the array, as far as they are told, in small letters. */
  readonly place: string;
  readonly records: readonly ShownRecord[];
}

/** The sections of a message's lines. What stands before the first one counts as one without an origin. */
export function sectionsOf(lines: readonly string[]): ShownSection[] {
  const sections: ShownSection[] = [];
  let origin: string[] = [];
  let columns: readonly string[] | undefined;
  let isArray = false;
  let records: ShownRecord[] = [];
  const close = () => {
    if (records.length > 0) sections.push({ place: origin.join(" ").toLowerCase(), records });
    origin = [];
    columns = undefined;
    isArray = false;
    records = [];
  };
  for (const line of lines) {
    const [, label, text] = /^(r\d+) (.*)$/s.exec(line) ?? [];
    if (label !== undefined && text !== undefined) {
      records.push({ label, text, fields: fieldsOf(text, columns, isArray) });
      continue;
    }
    if (line === "section") close();
    const [, what, told = ""] = /^(member|array|columns) (.*)$/s.exec(line) ?? [];
    if (what === "columns") columns = cellsOf(told);
    else if (what !== undefined) origin.push(told);
    isArray ||= what === "array";
  }
  close();
  return sections;
}

function fieldsOf(text: string, columns: readonly string[] | undefined, isArray: boolean): Fields {
  if (columns !== undefined) {
    const cells = cellsOf(text);
    return new Fields(columns.map((name, at) => [name, cells[at] ?? ""]));
  }
  const pairs = pairsOf(text);
  return new Fields(isArray || pairs.length > 1 ? pairs : []);
}
