/** How a table is written. */
export interface CsvForm {
  readonly delimiter: string;
  /** What ends a row; a carriage return before a line feed is no part of it. */
  readonly end: "\n" | "\r";
}

/** A row of a CSV and where it stands. */
export interface CsvRow {
  readonly at: number;
  /** Behind the end of the row. */
  readonly end: number;
  readonly cells: readonly string[];
  /** Its quotes do not match: it was read as a line without quotes. */
  readonly broken: boolean;
}

/** A cell in quotes that is longer is a quote that was never closed. */
const LONGEST = { units: 64 * 1024, lines: 100 };

/** What ends the rows of a text. */
export function rowEnd(text: string): "\n" | "\r" {
  return text.includes("\n") || !text.includes("\r") ? "\n" : "\r";
}

/**
 * The row of a CSV that begins at an index. Where its quotes do not match it is one line, cut at each delimiter, and the next
 * row begins behind it: whatever is wrong there spoils no other row.
 */
export function csvRow(text: string, at: number, form: CsvForm): CsvRow {
  const cells: string[] = [];
  let next = at;
  for (;;) {
    const quote = quoteAt(text, next, form);
    const found = quote < 0 ? bareCell(text, next, form) : quotedCell(text, quote, form);
    if (found === undefined) return brokenRow(text, at, form);
    cells.push(found.cell);
    if (text[found.end] !== form.delimiter) return { at, end: found.end + 1, cells, broken: false };
    next = found.end + 1;
  }
}

/** Where a cell's quote opens, spaces before it or none; -1 where it has none. */
function quoteAt(text: string, at: number, { delimiter }: CsvForm): number {
  let quote = at;
  while (text[quote] === " " && delimiter !== " ") quote += 1;
  return text[quote] === '"' ? quote : -1;
}

interface Cell {
  readonly cell: string;
  /** Where the delimiter or the row's end stands. */
  readonly end: number;
}

function bareCell(text: string, at: number, { delimiter, end: rowEnds }: CsvForm): Cell {
  const [stop, rowStop] = [delimiter.charCodeAt(0), rowEnds.charCodeAt(0)];
  let end = at;
  while (end < text.length) {
    const unit = text.charCodeAt(end);
    if (unit === stop || unit === rowStop) break;
    end += 1;
  }
  const cell = text.slice(at, end);
  return { cell: cell.endsWith("\r") ? cell.slice(0, -1) : cell, end };
}

function quotedCell(text: string, quote: number, form: CsvForm): Cell | undefined {
  let close = text.indexOf('"', quote + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0 || close - quote > LONGEST.units) return undefined;
  const inside = text.slice(quote + 1, close);
  if (inside.includes(form.end) && inside.split(form.end).length > LONGEST.lines) return undefined;
  let end = close + 1;
  while (text[end] === " " || (text[end] === "\r" && form.end === "\n")) end += 1;
  const ends = end >= text.length || text[end] === form.delimiter || text[end] === form.end;
  return ends ? { cell: inside.replaceAll('""', '"'), end } : undefined;
}

function brokenRow(text: string, at: number, { delimiter, end: rowEnds }: CsvForm): CsvRow {
  const stop = text.indexOf(rowEnds, at);
  const end = stop < 0 ? text.length : stop;
  const cells = text
    .slice(at, end)
    .replace(/\r$/, "")
    .split(delimiter)
    .map((cell) => cell.trim().replace(/^"|"$/g, ""));
  return { at, end: end + 1, cells, broken: true };
}
