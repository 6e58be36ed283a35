import { readdir } from "node:fs/promises";
import { extname } from "node:path";
import type { ImageType } from "@penstock/contracts";

/** A photo of a folder. */
export interface Photo {
  readonly file: string;
  readonly type: ImageType;
}

const TYPES: Readonly<Record<string, ImageType>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
};
const TABLES = new Set([".parquet", ".csv"]);

/** The JPEGs and PNGs of a folder that has no tables, sorted; none of any other folder. */
export async function photosIn(directory: string): Promise<Photo[]> {
  const names = await readdir(directory).catch((): string[] => []);
  const ends = names.map((file) => ({ file, end: extname(file).toLowerCase() }));
  if (ends.some(({ end }) => TABLES.has(end))) return [];
  return ends
    .flatMap(({ file, end }) => {
      const type = Object.hasOwn(TYPES, end) ? TYPES[end] : undefined;
      return type === undefined ? [] : [{ file, type }];
    })
    .sort((left, right) => (left.file < right.file ? -1 : 1));
}
