import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { allBytes } from "./object-text.ts";
import { type S3Calls, textOf } from "./s3-calls.ts";
import { UnreadableItems } from "./unreadable-items.ts";

/** AWS's quotas for a Parquet file, in bytes. */
const maxRowGroupBytes = 256 * 1024 * 1024;
const maxFooterBytes = 5 * 1024 * 1024;
/** So many rows are made of a row group's columns at a time. */
const rowsPerPage = 1000;

/**
 * The rows of a Parquet object, read over ranges of it: memory holds the columns of one row group, and a page of rows.
 * @throws UnreadableItems
 */
export async function* parquetRows(
  call: S3Calls,
  args: Readonly<Record<string, unknown>>,
): AsyncGenerator<readonly unknown[]> {
  if (args.VersionId !== undefined)
    throw new UnreadableItems("VersionId is not supported when the InputType is PARQUET");
  const file = await rangedObject(call, args);
  const metadata = await footer(file);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    if (group.total_byte_size > maxRowGroupBytes)
      throw new UnreadableItems(`A row group of the Parquet file is larger than ${maxRowGroupBytes} bytes`);
    const rows = Number(group.num_rows);
    const columns = await columnsBetween(file, metadata, rowStart, rowStart + rows);
    for (let first = 0; first < rows; first += rowsPerPage) {
      const length = Math.min(rowsPerPage, rows - first);
      yield Array.from({ length }, (_, n) =>
        Object.fromEntries(names.map((name) => [name, jsonOf(columns.get(name)?.[first + n])])),
      );
    }
    rowStart += rows;
  }
}

async function footer(file: AsyncBuffer): Promise<FileMetaData> {
  const metadata = await parquetMetadataAsync(file).catch((thrown: unknown) => {
    throw new UnreadableItems(
      `The file is not Parquet: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  });
  if (metadata.metadata_length > maxFooterBytes)
    throw new UnreadableItems(`The footer of the Parquet file is larger than ${maxFooterBytes} bytes`);
  return metadata;
}

/** The object as hyparquet reads a file. Each read is a GetObject with a range. */
async function rangedObject(call: S3Calls, args: Readonly<Record<string, unknown>>): Promise<AsyncBuffer> {
  // The last bytes are asked for first: they hold the footer, and the answer tells the size.
  const last = await call("getObject", { ...args, Range: "bytes=-524288" });
  const end = await allBytes(last.Body);
  const byteLength = Number(textOf(last, "ContentRange")?.split("/")[1] ?? end.length);
  const IfMatch = textOf(last, "ETag");
  const unchanged = IfMatch === undefined ? args : { ...args, IfMatch };
  return {
    byteLength,
    slice: async (start, stop = byteLength) => {
      const known = byteLength - end.length;
      if (start >= known) return arrayBuffer(end.subarray(start - known, stop - known));
      const { Body } = await call("getObject", { ...unchanged, Range: `bytes=${start}-${stop - 1}` });
      return arrayBuffer(await allBytes(Body));
    },
  };
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

async function columnsBetween(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const columns = new Map<string, unknown[]>();
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd,
    compressors,
    parsers: {
      dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, 10),
      timestampFromMilliseconds: (instant) => new Date(Number(instant)).toISOString(),
      timestampFromMicroseconds: (instant) => new Date(Number(instant / 1000n)).toISOString(),
      timestampFromNanoseconds: (instant) => new Date(Number(instant / 1_000_000n)).toISOString(),
    },
    onChunk({ columnName, columnData, rowStart: chunkStart }) {
      const values = columns.get(columnName) ?? new Array<unknown>(rowEnd - rowStart).fill(null);
      columns.set(columnName, values);
      // Chunks come in any order; each says where it belongs.
      for (let n = 0; n < columnData.length; n++) values[chunkStart - rowStart + n] = columnData[n] ?? null;
    },
  });
  return columns;
}

/** A value as JSON has it. Whole numbers that JavaScript cannot hold exactly become text, bytes become base64. */
function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value ?? null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(jsonOf);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonOf(member)]));
}
