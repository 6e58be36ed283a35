import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** The rows of one row group, by column. A list column holds an array or null in each row. */
export interface Batch {
  rows: number;
  columns: ReadonlyMap<string, readonly unknown[]>;
}

/** How many rows a Parquet file has, from its footer; null for a file that has no readable footer. */
export async function footerRows(path: string): Promise<number | null> {
  try {
    return Number((await parquetMetadataAsync(await asyncBufferFromFile(path))).num_rows);
  } catch {
    return null;
  }
}

/**
 * Reads a Parquet file by row groups, all columns or those `wanted`, so that memory holds one group. This reader is not the engine that
 * wrote the file: what is checked with it is checked independently.
 */
export async function* batchesOf(path: string, wanted?: ReadonlySet<string>): AsyncGenerator<Batch> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const columns = wanted === undefined ? undefined : names.filter((name) => wanted.has(name));
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    yield {
      rows: Number(num_rows),
      columns: await columnsBetween({ file, metadata, rowStart, rowEnd, columns }),
    };
    rowStart = rowEnd;
  }
}

async function columnsBetween({
  columns: wanted,
  ...part
}: {
  file: Awaited<ReturnType<typeof asyncBufferFromFile>>;
  metadata: FileMetaData;
  rowStart: number;
  rowEnd: number;
  columns: string[] | undefined;
}): Promise<Map<string, unknown[]>> {
  const { rowStart, rowEnd } = part;
  const columns = new Map<string, unknown[]>();
  await parquetRead({
    ...part,
    ...(wanted === undefined ? {} : { columns: wanted }),
    compressors,
    onChunk({ columnName, columnData, rowStart: chunkStart }) {
      const values = columns.get(columnName) ?? new Array<unknown>(rowEnd - rowStart).fill(null);
      columns.set(columnName, values);
      // Chunks come in any order; each says where it belongs.
      for (let n = 0; n < columnData.length; n++) values[chunkStart - rowStart + n] = columnData[n] ?? null;
    },
  });
  return columns;
}
