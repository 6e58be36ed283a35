/** Formats of a file of items that an ItemReader can read. */
export interface ReaderConfig {
  readonly inputType: "JSON" | "JSONL" | "CSV";
  readonly headers: readonly string[] | undefined;
  readonly delimiter: string;
  /** JSON pointer to the array inside a JSON file. */
  readonly itemsPointer: string | undefined;
}

/** Why a file yields no items, in AWS's words where they are known. */
export class UnreadableItems extends Error {
  override readonly name = "UnreadableItems";
}

export const delimiters: Readonly<Record<string, string>> = {
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  SPACE: " ",
  TAB: "\t",
};

/** The items in a file's text. @throws UnreadableItems */
export function readItems(text: string, config: ReaderConfig): unknown[] {
  switch (config.inputType) {
    case "JSON":
      return jsonItems(text, config.itemsPointer);
    case "JSONL":
      return text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map(json);
    case "CSV":
      return csvItems(text, config);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new UnreadableItems(`The file is not JSON: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
}

function jsonItems(text: string, pointer: string | undefined): unknown[] {
  let value = json(text);
  for (const part of (pointer ?? "").split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = Object(value)[key];
    if (value === undefined) throw new UnreadableItems(`There is nothing at '${pointer}' of the file`);
  }
  if (!Array.isArray(value)) throw new UnreadableItems("Attempting to map over non-iterable node.");
  return value;
}

/** Each row becomes an object of strings: what a row lacks is empty, what it has too much is dropped. */
function csvItems(text: string, { headers, delimiter }: ReaderConfig): unknown[] {
  const rows = csvRows(text, delimiter);
  const names = headers ?? rows.shift() ?? [];
  if (new Set(names).size !== names.length)
    throw new UnreadableItems("CSV headers cannot contain duplicates.");
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""])));
}

/** Rows of a CSV text (RFC 4180), without lines that are empty. */
function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  const endRow = () => {
    if (row.length > 0 || field !== "") rows.push([...row, field]);
    row = [];
    field = "";
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') field += character;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && field === "") quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = "";
    } else if (character === "\n") endRow();
    else if (character !== "\r" || text.charAt(at + 1) !== "\n") field += character;
  }
  endRow();
  return rows;
}
