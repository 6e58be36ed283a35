import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";

/** Rows of a local Parquet file, as its footer says: what was really written, whatever a query claims to have done. */
export async function parquetRows(file: string): Promise<number> {
  const { num_rows: rows } = await parquetMetadataAsync(await asyncBufferFromFile(file));
  return Number(rows);
}
