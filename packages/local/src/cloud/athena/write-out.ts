import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type DuckSession, identifier, isS3Uri, type ObjectStore, type S3Uri, text } from "@penstock/runtime";
import { QueryRefused } from "./query-refused.ts";

/** Athena's quota of partitions that one statement writes. */
const maxPartitions = 100;

/**
 * Columns that rows are sorted by. Rows that are equal in these are in the order of their digests: every further column in
 * the sort makes its keys longer, a ninth of the time of features of interactions.
 */
const SORTED_BY = 2;

/** Rows that go to S3 as Parquet. */
export interface WantedFiles {
  /** UNLOAD or the table, as messages call it. */
  readonly named: string;
  readonly prefix: S3Uri;
  readonly compression: string;
  readonly partitionedBy: readonly string[];
}

export interface WrittenFiles {
  readonly uris: readonly S3Uri[];
  /** Folders below the prefix, such as `year=2025/`; the empty one without partitions. */
  readonly folders: readonly string[];
}

/** A text that must be the address of an object or prefix. */
export function s3(value: string): S3Uri {
  if (isS3Uri(value)) return value;
  throw new QueryRefused(`Not an S3 URI: ${value}`);
}

/** Writes the rows of a query to an empty place. @throws QueryRefused */
export async function writeFiles(
  duckdb: string,
  { named, prefix, compression, partitionedBy }: WantedFiles,
  { id, workDirectory, session, store }: Writing,
): Promise<WrittenFiles> {
  for await (const { uri } of store.list(prefix))
    throw new QueryRefused(`HIVE_PATH_ALREADY_EXISTS: Target directory for ${named} is not empty: ${uri}`);
  await session.run(`CREATE VIEW written AS ${duckdb}`);
  const columns = (await session.describe("written")).map(({ name }) => name);
  const last = columns.map((name) => name.toLowerCase());
  if (partitionedBy.join() !== last.slice(last.length - partitionedBy.length).join())
    throw new QueryRefused(
      "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the " +
        `table properties: [${partitionedBy.join(", ")}]`,
    );
  const directory = join(workDirectory, "written");
  await mkdir(directory);
  const partitions =
    partitionedBy.length === 0 ? "" : `, PARTITION_BY (${partitionedBy.map(identifier).join(", ")})`;
  const target = partitions === "" ? join(directory, "data_0.parquet") : directory;
  const [copied] = await session.rows(
    `COPY (SELECT * FROM (${duckdb}) ORDER BY ${totalOrder(columns)}) TO ${text(target)} (FORMAT parquet, COMPRESSION ${compression}${partitions})`,
  );
  // DuckDB writes one file without rows; Athena writes none.
  if (Number(copied?.Count) === 0) return { uris: [], folders: [] };
  const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const folders = new Set(files.map((file) => folderOf(file, directory)));
  if (folders.size > maxPartitions)
    throw new QueryRefused(`HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${maxPartitions} open writers`);
  const uris: S3Uri[] = [];
  for (const [at, file] of files.entries()) {
    const object = s3(`${prefix}${folderOf(file, directory)}${id}_${at}`);
    await store.upload(file, object);
    uris.push(object);
  }
  return { uris, folders: [...folders] };
}

export interface Writing {
  readonly id: string;
  readonly workDirectory: string;
  readonly session: DuckSession;
  readonly store: ObjectStore;
}

/** Writes the list of the files that a statement wrote. */
export async function writeManifest(
  uris: readonly S3Uri[],
  to: S3Uri,
  { workDirectory, store }: Writing,
): Promise<void> {
  const list = join(workDirectory, "manifest.csv");
  await writeFile(list, uris.map((object) => `${object}\n`).join(""));
  await store.upload(list, to, { contentType: "text/csv" });
}

/** An order of rows that differ, so that the same rows make the same files. */
function totalOrder(columns: readonly string[]): string {
  const names = columns.map(identifier);
  const leading = names.slice(0, SORTED_BY);
  return (names.length > SORTED_BY ? [...leading, `hash(${names.join(", ")})`] : leading).join(", ");
}

/** The folders between the place of the files and one of them, as they stand in keys. */
function folderOf(file: string, directory: string): string {
  const parts = relative(directory, file).split(sep).slice(0, -1);
  return parts.map((part) => `${part}/`).join("");
}
