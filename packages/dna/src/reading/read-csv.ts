import { textFlags } from "@penstock/runtime/flags";
import { type CsvLayout, isBlank } from "./csv-layout.ts";
import { type CsvRow, csvRow } from "./csv-row.ts";
import type { DecodedText } from "./decoded-text.ts";
import { type FileContent, noRepairs, type ReadRecord, type ReadSection } from "./file-content.ts";
import { HiddenTally, hiddenField } from "./hidden-fields.ts";
import { textRecords } from "./read-text.ts";

/** Columns of a row that are handed on. */
const MOST_COLUMNS = 1000;

/** Reads a table. What stands before and after it is text, with offsets. */
export function readCsv(decoded: DecodedText, layout: CsvLayout): FileContent {
  const { form, at, columns, hasHeader } = layout;
  const { text } = decoded;
  const rows = rowsOf(text, layout);
  // Rows without a table's number of cells at the very end are what stands under it.
  const last = rows.findLastIndex(({ cells }) => cells.length === columns);
  const table = rows.slice(0, Math.max(last, 0) + 1);
  const [first] = table;
  const header = hasHeader && first !== undefined ? first : undefined;
  const data = header === undefined ? table : table.slice(1);
  const names = (header?.cells ?? []).slice(0, MOST_COLUMNS);
  const fields = names.map(hiddenField);
  const hidden = new HiddenTally();
  const records = data.map(({ cells }, index): ReadRecord => {
    const shown = cells.slice(0, MOST_COLUMNS).map((cell, column) => hidden.shown(fields[column], cell));
    return { row: index + 1, offset: null, text: csvText(shown), codes: textFlags(cells.join("\n")) };
  });
  const tableEnd = table.at(-1)?.end ?? text.length;
  const before = textRecords(decoded, 0, at);
  const after = textRecords(decoded, Math.min(tableEnd, text.length), text.length);
  const around = (found: readonly ReadRecord[]): ReadSection[] =>
    found.length === 0 ? [] : [{ member: null, path: null, header: null, records: found }];
  const headerCodes = header === undefined ? [] : textFlags(header.cells.join("\n"));
  return {
    format: "csv",
    encoding: decoded.encoding,
    columns,
    dialect: { delimiter: form.delimiter, preamble_lines: before.length, footer_lines: after.length },
    members: [],
    repairs: {
      ...noRepairs,
      other_encoding_lines: decoded.otherLines,
      broken_quotes: regions(table),
      ragged_rows: data.filter(({ cells }) => cells.length !== (header?.cells.length ?? columns)).length,
    },
    sections: [
      ...around(before),
      { member: null, path: null, header: header === undefined ? null : csvText(names), records },
      ...around(after),
    ],
    asides:
      headerCodes.length === 0 ? [] : [{ codes: headerCodes, member: null, offset: decoded.offsetOf(at) }],
    hidden: hidden.counts(),
  };
}

function rowsOf(text: string, { form, at }: CsvLayout): CsvRow[] {
  const rows: CsvRow[] = [];
  for (let next = at; next < text.length; ) {
    const row = csvRow(text, next, form);
    if (!isBlank(row)) rows.push(row);
    next = row.end;
  }
  return rows;
}

/** Rows beside each other whose quotes do not match are one region. */
function regions(rows: readonly CsvRow[]): number {
  return rows.filter(({ broken }, at) => broken && rows[at - 1]?.broken !== true).length;
}

/** Cells as one line of a table with commas. */
export function csvText(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
}
