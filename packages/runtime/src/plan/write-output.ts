import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { QueryFailed } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import type { DuckSession } from "../session/session.ts";
import { identifier, text } from "../sql/quote.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { QueryPlan, WrittenPart } from "./query-plan.ts";

/**
 * Rows of a row group: what DuckDB buffers per thread while it writes, and a fixed number, since the bytes of a file
 * depend on it. Half of DuckDB's default halves that part of the peak memory and costs under 1 % in size.
 */
const ROW_GROUP_ROWS = 61_440;

/** As above, of the unordered files between: one is open per partition, and each buffers a row group. */
const UNORDERED_ROWS = 8_192;

/**
 * How kept rows are written. DuckDB tries a dictionary for each column until it has so many values; ids have one per row,
 * and the tries for them cost a fifth of the writing.
 */
const KEPT = "FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 500";

const OBJECT = "FORMAT parquet, COMPRESSION snappy";

const CONTENT = { contentType: "application/vnd.apache.parquet" };

type Output = QueryPlan["outputs"][number];

/** Writes an output as one object. */
export async function writeOutput(
  { from, to, orderBy }: Output,
  {
    file,
    session,
    store,
  }: { readonly file: string; readonly session: DuckSession; readonly store: ObjectStore },
): Promise<void> {
  await session.run(copyTo(`SELECT * FROM ${identifier(from)} ${inOrder(orderBy)}`, file, OBJECT));
  await store.upload(file, to, CONTENT);
  await rm(file, { force: true });
}

/**
 * Keeps a step's rows in folders by partition. DuckDB writes partitions in no order and in other bytes each time, also of
 * sorted rows, so these files are only what lies between: {@link writePartitions} sorts each into an object.
 */
export async function keepPartitions(
  session: DuckSession,
  sql: string,
  folder: string,
  by: readonly string[],
): Promise<string[]> {
  await session.run(
    `COPY (${sql}) TO ${text(folder)} (${KEPT}, ` +
      `ROW_GROUP_SIZE ${UNORDERED_ROWS}, PARTITION_BY (${by.map(identifier).join(", ")}), WRITE_PARTITION_COLUMNS)`,
  );
  return (await partitionsIn(folder)).flatMap(({ files }) => files);
}

/** Writes an output as one object per partition, of the folder that its step's rows are kept in. */
export async function writePartitions(
  { from, to, orderBy, partition }: Output & { readonly partition: NonNullable<Output["partition"]> },
  {
    folder,
    session,
    store,
  }: { readonly folder: string; readonly session: DuckSession; readonly store: ObjectStore },
): Promise<WrittenPart[]> {
  const columns = partition.columns.map(identifier).join(", ");
  const parts = (await partitionsIn(folder)).map(({ name, files }, index) => {
    if (!/^([^=]+=[A-Za-z0-9._-]+(\/|$))+$/.test(name) || name.includes("__HIVE")) {
      throw new QueryFailed(
        `${from} has rows whose ${partition.by.join(", ")} cannot be a folder: it must be letters, digits, '.', '-' and '_'`,
      );
    }
    const file = `${folder}-${index}.parquet`;
    const sql = `SELECT ${columns} FROM (${readParquet(files)}) ${inOrder(orderBy)}`;
    return { name, file, uri: `${to}${name}/part-0.parquet` as const, sql: copyTo(sql, file, OBJECT) };
  });
  const counts = await session.all(parts.map(({ sql }) => sql));
  await rm(folder, { recursive: true, force: true });
  return inParallel(parts, async ({ name, file, uri }, index) => {
    const { size: bytes } = await stat(file);
    await store.upload(file, uri, CONTENT);
    await rm(file, { force: true });
    return { uri, partition: name, rows: Number(counts[index]?.[0]?.Count), bytes };
  });
}

/** The folders of DuckDB's partitions with the files in them, sorted by name; none when no row was written. */
async function partitionsIn(folder: string): Promise<{ name: string; files: string[] }[]> {
  const found = new Map<string, string[]>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = path.relative(folder, entry.parentPath).split(path.sep).join("/");
    found.set(name, [...(found.get(name) ?? []), path.join(entry.parentPath, entry.name)]);
  }
  return [...found].map(([name, files]) => ({ name, files })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Keeps a step's rows in a file. */
export async function keep(session: DuckSession, sql: string, file: string): Promise<void> {
  await session.run(copyTo(sql, file, KEPT));
}

function copyTo(sql: string, file: string, how: string): string {
  return `COPY (${sql}) TO ${text(file)} (${how}, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`;
}

/** A query over the rows of Parquet files. Folders in their names are no data. */
export function readParquet(files: readonly string[]): string {
  return `SELECT * FROM read_parquet([${files.map(text).join(", ")}], hive_partitioning = false)`;
}

function inOrder(columns: readonly string[]): string {
  return `ORDER BY ${columns.map((column) => `${identifier(column)} NULLS LAST`).join(", ")}`;
}
