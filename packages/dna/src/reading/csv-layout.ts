import { type CsvForm, type CsvRow, csvRow, rowEnd } from "./csv-row.ts";

/** Where a table stands in a text. */
export interface CsvLayout {
  readonly form: CsvForm;
  /** The index at which its header, or first row, begins. */
  readonly at: number;
  readonly columns: number;
  /** False where the first row is data. */
  readonly hasHeader: boolean;
}

const DELIMITERS = [",", ";", "\t", "|"] as const;
/** What is looked at: that many rows, and so many of them may stand before the table. */
const SAMPLE_ROWS = 500;
const SAMPLE_UNITS = 256 * 1024;
/** Rows that are looked at however long they are. */
const LEAST_ROWS = 3;
const MOST_BEFORE = 30;
/** Share of rows with as many cells as the header. */
const SHARE = 0.6;

interface Candidate {
  readonly layout: CsvLayout;
  readonly share: number;
}

/** How a text is written as a table; undefined when it is none. */
export function csvLayout(text: string): CsvLayout | undefined {
  const end = rowEnd(text);
  const [best] = DELIMITERS.flatMap((delimiter) => candidate(text, { delimiter, end }) ?? []).toSorted(
    (a, b) => Number(b.share > 0.9) - Number(a.share > 0.9) || b.layout.columns - a.layout.columns,
  );
  return best?.layout;
}

function candidate(text: string, form: CsvForm): Candidate | undefined {
  const rows = sampleRows(text, form);
  for (const [first, row] of rows.slice(0, MOST_BEFORE).entries()) {
    const columns = row.cells.length;
    if (columns < 2) continue;
    const after = rows.slice(first);
    const alike = after.filter(({ cells }) => cells.length === columns).length;
    if (alike < 2 || alike < SHARE * after.length || alike < first) continue;
    const before = rows[first - 1];
    // A header has one cell less than its rows where those end in a delimiter.
    const ended = before?.cells.length === columns - 1 && row.cells.at(-1) === "";
    const header = before !== undefined && ended && isData(row) && !isData(before) ? before : row;
    const hasHeader = !isData(header);
    // Lines of a date and a text: a chat, a diary.
    if (!hasHeader && columns === 2) return undefined;
    const layout = { form, at: header.at, columns: Math.max(columns, header.cells.length), hasHeader };
    return { layout, share: alike / after.length };
  }
  return undefined;
}

function sampleRows(text: string, form: CsvForm): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = 0;
  while (at < text.length && rows.length < SAMPLE_ROWS && (at < SAMPLE_UNITS || rows.length < LEAST_ROWS)) {
    const row = csvRow(text, at, form);
    if (!isBlank(row)) rows.push(row);
    at = row.end;
  }
  return rows;
}

/** A row without a word in it. */
export function isBlank({ cells }: Pick<CsvRow, "cells">): boolean {
  return cells.every((cell) => cell.trim() === "");
}

/** A number, an amount, a date or a time, as no column is called. */
const VALUE = /^[-+]?[ ]?[$€£¥]?[ ]?[-+]?\d[\d.,/:\-TZ +%]*$/;

function isData({ cells }: CsvRow): boolean {
  return cells.some((cell) => VALUE.test(cell.trim()));
}
