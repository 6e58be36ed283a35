import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

/** A set that cannot be held against its references here: not in the folder, or too small for them. */
export class SetLeftOut extends Error {
  override readonly name = "SetLeftOut";
}

/** A row of a reference file, by column. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The files of a folder whose name holds `part` and ends so, in the order of their names. Parts of a set are named after
 * the whole (`…_dev.parquet`), and there may be several. Throws {@link SetLeftOut} when there is none.
 */
export async function referenceFiles(folder: string, part: string, end: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const found = names.filter((name) => name.includes(part) && name.endsWith(end)).sort();
  if (found.length === 0) throw new SetLeftOut(`no file "${part}…${end}" in ${folder}`);
  return found.map((name) => path.join(folder, name));
}

/** Rows of Parquet files as objects with the named columns; a row that two files have is there once ({@link merged}). */
export async function readRows(files: readonly string[], columns: string[], key?: string[]): Promise<Row[]> {
  const parts: Row[][] = [];
  for (const file of files) {
    parts.push(await parquetReadObjects({ file: await asyncBufferFromFile(file), columns }));
  }
  return merged(parts, key);
}

/** Rows of CSV files without quoted cells, by the names in each file's first line; merged as by {@link readRows}. */
export async function readCsv(files: readonly string[], key?: string[]): Promise<Record<string, string>[]> {
  const parts: Record<string, string>[][] = [];
  for (const file of files) {
    const [header = [], ...lines] = (await readFile(file, "utf8"))
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(","));
    parts.push(lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ""]))));
  }
  return merged(parts, key);
}

/**
 * Milliseconds since 1970-01-01T00:00Z: a date, its text (without a zone it is UTC), or a count of seconds, milliseconds
 * or microseconds, told apart by how large it is (a moment from 1980 to 2200 is one of them only). NaN for anything else.
 */
export function moment(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "string") {
    const isZoned = value.length <= 10 || /(?:Z|[+-]\d\d:?\d\d)$/.test(value);
    return Date.parse(isZoned ? value : `${value.replace(" ", "T")}Z`);
  }
  if (typeof value !== "number" && typeof value !== "bigint") return Number.NaN;
  const count = Number(value);
  if (count > 1e14) return count / 1000;
  return count > 1e11 ? count : count * 1000;
}

/**
 * Parts of a set as one. A row with a key that a part before it had is left out. Without a key rows are told apart by
 * all that is in them, and those that stand several times in a part are meant so (a publisher's own duplicates).
 */
function merged<T extends Row>(parts: readonly T[][], key?: string[]): T[] {
  if (parts.length === 1 && key === undefined) return parts[0] ?? [];
  const known = new Set<string>();
  return parts.flatMap((rows) => {
    const times = new Map<string, number>();
    return rows.filter((row) => {
      const own = JSON.stringify((key ?? Object.keys(row).sort()).map((name) => String(row[name])));
      const time = key === undefined ? (times.get(own) ?? 0) : 0;
      times.set(own, time + 1);
      const id = `${own} ${time}`;
      const isNew = !known.has(id);
      known.add(id);
      return isNew;
    });
  });
}
