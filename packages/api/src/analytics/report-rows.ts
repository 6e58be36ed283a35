import type { BuildTable, ReportCell } from "@penstock/contracts";
import {
  type AsyncBuffer,
  type FileMetaData,
  type ParquetQueryFilter,
  parquetMetadataAsync,
  parquetReadObjects,
  rowIndex,
} from "hyparquet";
import type * as v from "valibot";
import type { Filters } from "./filters.ts";

/** Bytes of an object, from `start` up to but not including `end`. */
export type ReadRange = (key: string, start: number, end: number) => Promise<Uint8Array>;

export interface RowsQuery {
  readonly columns: readonly string[];
  /** The columns that hold days: they are shown without a time. */
  readonly days: ReadonlySet<string>;
  readonly filters: Filters;
  /** Place of the first row to look at, among all rows of the objects. */
  readonly from: number;
  /** At most so many rows. */
  readonly limit: number;
}

export interface Rows {
  readonly rows: Record<string, ReportCell>[];
  /** Place of the next row that fits; undefined: there is none. */
  readonly next: number | undefined;
}

/** An object of up to this many bytes comes in one request: several would take longer. */
const WHOLE_BYTES = 256 * 1024;

/** Enough for the footer of a report's object in one request; the reader asks again for a larger one. */
const FOOTER_BYTES = 64 * 1024;

/**
 * Rows of a table of a build, in their order. Of larger objects only those row groups are read that hold a row of the
 * page or, by their statistics, may hold a value that is looked for.
 */
export async function readRows(
  objects: v.InferOutput<typeof BuildTable>["objects"],
  read: ReadRange,
  query: RowsQuery,
): Promise<Rows> {
  const rows: Record<string, ReportCell>[] = [];
  let first = 0;
  for (const { key, rows: count, bytes } of objects) {
    const end = first + count;
    if (end > query.from) {
      const file = await openObject(key, bytes, read);
      const metadata = await parquetMetadataAsync(file, { initialFetchSize: FOOTER_BYTES });
      for await (const { row, cells } of rowsFrom(file, metadata, query, Math.max(0, query.from - first))) {
        if (rows.length === query.limit) return { rows, next: first + row };
        rows.push(cells);
      }
    }
    first = end;
  }
  return { rows, next: undefined };
}

async function openObject(key: string, bytes: number, read: ReadRange): Promise<AsyncBuffer> {
  const whole = bytes <= WHOLE_BYTES ? bufferOf(await read(key, 0, bytes)) : undefined;
  return {
    byteLength: bytes,
    slice: async (start, end = bytes) =>
      whole === undefined ? bufferOf(await read(key, start, end)) : whole.slice(start, end),
  };
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** One row group after the other, so that no more are read than the page needs. */
async function* rowsFrom(
  file: AsyncBuffer,
  metadata: FileMetaData,
  { columns, days, filters, limit }: RowsQuery,
  from: number,
): AsyncGenerator<{ row: number; cells: Record<string, ReportCell> }> {
  const filter = filterOf(filters);
  let groupStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const groupEnd = groupStart + Number(num_rows);
    const rowStart = Math.max(groupStart, from);
    // Without a filter, the page and the row that tells whether there is another one.
    const rowEnd = filter === undefined ? Math.min(groupEnd, rowStart + limit + 1) : groupEnd;
    groupStart = groupEnd;
    if (rowStart >= groupEnd) continue;
    const found = await parquetReadObjects({
      file,
      metadata,
      columns: [...columns],
      rowStart,
      rowEnd,
      includeRowIndex: true,
      ...(filter !== undefined && { filter }),
    });
    for (const record of found) {
      const row = record[rowIndex];
      if (row === undefined) throw new Error("the Parquet reader did not say which rows it read");
      yield { row, cells: cellsOf(record, columns, days) };
    }
  }
}

function filterOf(filters: Filters): ParquetQueryFilter | undefined {
  if (filters.size === 0) return undefined;
  return Object.fromEntries([...filters].map(([column, value]) => [column, { $eq: value }]));
}

function cellsOf(
  record: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  days: ReadonlySet<string>,
): Record<string, ReportCell> {
  return Object.fromEntries(columns.map((name) => [name, cellOf(record[name], days.has(name))]));
}

/** @throws {Error} for what no column of a report holds: a defect of the writer */
function cellOf(value: unknown, day: boolean): ReportCell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (value instanceof Date) return day ? value.toISOString().slice(0, 10) : value.toISOString();
  throw new Error(`a report holds a value of type ${typeof value} that JSON does not have`);
}
