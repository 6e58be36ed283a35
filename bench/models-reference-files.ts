import { readdir } from "node:fs/promises";
import path from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

/**
 * The one file of a folder whose name begins and ends so. Parts of a set are named after the whole (`…_dev.parquet`).
 * Throws when there is none (code ENOENT, as for a missing folder) or more than one.
 */
export async function referenceFile(folder: string, begin: string, end: string): Promise<string> {
  const found = (await readdir(folder)).filter((name) => name.startsWith(begin) && name.endsWith(end));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    const error = new Error(
      `${folder}: one file "${begin}…${end}" is wanted, found ${found.join(", ") || "none"}`,
    );
    throw only === undefined ? Object.assign(error, { code: "ENOENT" }) : error;
  }
  return path.join(folder, only);
}

/** Rows of a Parquet file as objects, with the columns that are named. */
export async function readRows(file: string, columns: string[]): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(file), columns });
}
