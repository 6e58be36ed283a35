import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { QueryFailed } from "../errors.ts";
import type { Row } from "../session/rows.ts";
import type { DuckSession } from "../session/session.ts";
import { identifier, text } from "../sql/quote.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { S3Uri } from "../uri.ts";
import type { QueryPlan, WrittenPart } from "./query-plan.ts";

/**
 * Rows of a row group: what DuckDB buffers per thread while it writes, and a fixed number, since the bytes of a file
 * depend on it. Half of DuckDB's default halves that part of the peak memory and costs under 1 % in size.
 */
const ROW_GROUP_ROWS = 61_440;

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

/** An object of a partitioned output, before it goes up. */
export interface Part {
  readonly report: string;
  /** Its folders, `month=2025-01`. */
  readonly name: string;
  /** Where it stands until it goes up to `uri`, and the statement that writes it there. */
  readonly file: string;
  readonly uri: S3Uri;
  readonly sql: string;
}

/**
 * The objects that a partitioned output of a table becomes, in order of their names; where `from` is none, those that it may
 * become, by the values that `among` has.
 */
export async function partsOf(
  { from, to, orderBy, partition }: Output & { readonly partition: NonNullable<Output["partition"]> },
  {
    folder,
    session,
    sorted,
    among,
  }: {
    readonly folder: string;
    readonly session: DuckSession;
    readonly sorted: boolean;
    readonly among: string;
  },
): Promise<Part[]> {
  await mkdir(folder);
  const by = partition.by.map(identifier).join(", ");
  const columns = partition.columns.map(identifier).join(", ");
  const found = await session.next(`SELECT DISTINCT ${by} FROM ${identifier(among)}`);
  const parts = found.map((row, index) => {
    const values = partition.by.map((column) => [column, String(row[column] ?? "")] as const);
    if (!values.every(([, value]) => /^[A-Za-z0-9._-]+$/.test(value))) {
      throw new QueryFailed(
        `${from} has rows whose ${partition.by.join(", ")} cannot be a folder: it must be letters, digits, '.', '-' and '_'`,
      );
    }
    const name = values.map(([column, value]) => `${column}=${value}`).join("/");
    const here = values.map(([column, value]) => `${identifier(column)} = ${text(value)}`).join(" AND ");
    const file = path.join(folder, `${index}.parquet`);
    // A table may be sorted already, see sortedFor.
    const order = sorted ? "" : inOrder(orderBy);
    const rows = `SELECT ${columns} FROM ${identifier(from)} WHERE ${here} ${order}`;
    const uri: S3Uri = `${to}${name}/part-0.parquet`;
    const { report } = partition;
    return { report, name, file, uri, sql: copyTo(rows, file, OBJECT) };
  });
  return parts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Rows that a COPY has written, by what it answers. */
export function rowsWritten(answer: readonly Row[]): number {
  return v.parse(v.number(), answer[0]?.Count);
}

/** Brings the file of a part with so many rows up; what was written. */
export async function uploadPart(
  { name, file, uri }: Part,
  rows: number,
  store: ObjectStore,
): Promise<WrittenPart> {
  const { size: bytes } = await stat(file);
  await store.upload(file, uri, CONTENT);
  await rm(file);
  return { uri, partition: name, rows, bytes };
}

/** The statement that keeps a step's rows in a file. */
export function keepInFile(sql: string, file: string): string {
  return copyTo(sql, file, KEPT);
}

/**
 * A step's query as it is kept in a table. Of a partitioned output the rows are in its order, so that an object is what a
 * scan of the table finds of its folder. By the output's order alone: a sort compares the first eight bytes of its keys
 * before all of them, and those of a folder's name say nothing.
 */
export function sortedFor(output: Output | undefined, sql: string): string {
  return output?.partition === undefined ? sql : `SELECT * FROM (${sql}) ${inOrder(output.orderBy)}`;
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
