import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type AnalystTable, type BuildTable, tablePrefixOf } from "@penstock/contracts";
import {
  ContractViolation,
  type DuckSession,
  identifier,
  type ObjectStore,
  s3Uri,
  text,
} from "@penstock/runtime";
import type * as v from "valibot";
import { duckType } from "./marts.ts";

/** A cell of a report's table: dates and moments as ISO 8601 texts. */
export type Cell = string | number | boolean | null;
/** A row of a report's table, with every column of its contract and no other. */
export type ReportRow = Readonly<Record<string, Cell>>;

/** Rows that are turned into text at a time, so that their text never stands in memory as a whole. */
const CHUNK = 2_000;

/**
 * Writes the rows of one table of a build as one Parquet object, in the contract's types and order. No rows, no object:
 * a partition without rows would only be one more place for Athena to look at.
 *
 * The rows go through a file of JSON lines that DuckDB reads under declared types, so that no value ever stands in SQL.
 *
 * @throws ContractViolation for a number that is none and for rows that are not all in the object; nothing is uploaded
 */
export async function writeTable(
  table: AnalystTable,
  rows: Iterable<ReportRow>,
  to: { readonly bucket: string; readonly build: string },
  {
    session,
    store,
    folder,
  }: { readonly session: DuckSession; readonly store: ObjectStore; readonly folder: string },
): Promise<v.InferOutput<typeof BuildTable>> {
  const counted = { rows: 0 };
  const lines = path.join(folder, `${table.name}.jsonl`);
  await pipeline(Readable.from(jsonLines(table, rows, counted)), createWriteStream(lines));
  if (counted.rows === 0) return { rows: 0, bytes: 0, objects: [] };
  const file = path.join(folder, `${table.name}.parquet`);
  const columns = table.columns.map(({ name, type }) => `${text(name)}: ${text(duckType(type))}`);
  const order = table.orderBy.map((name) => `${identifier(name)} NULLS LAST`).join(", ");
  await session.run(
    `COPY (SELECT * FROM read_json(${text(lines)}, format = 'newline_delimited', records = true, maximum_object_size = 1048576, columns = {${columns.join(", ")}}) ORDER BY ${order}) ` +
      `TO ${text(file)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440)`,
  );
  const [found] = await session.rows(`SELECT count(*) AS n FROM read_parquet(${text(file)})`);
  if (found?.n !== counted.rows)
    throw new ContractViolation(
      `${table.name}: ${counted.rows} rows were to be written, the file has another number; it was not put in place`,
    );
  const key = `${tablePrefixOf(table.name, to.build)}part-0.parquet`;
  const { size: bytes } = await stat(file);
  await store.upload(file, s3Uri(to.bucket, key), { contentType: "application/vnd.apache.parquet" });
  await Promise.all([lines, file].map((one) => rm(one)));
  return { rows: counted.rows, bytes, objects: [{ key, rows: counted.rows, bytes, partition: {} }] };
}

function* jsonLines(
  { name, columns }: AnalystTable,
  rows: Iterable<ReportRow>,
  counted: { rows: number },
): Generator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    const cells: Record<string, Cell> = {};
    for (const column of columns) {
      const value = row[column.name];
      if (value === undefined) throw new ContractViolation(`${name}: a row has no "${column.name}"`);
      if (typeof value === "number" && !Number.isFinite(value))
        throw new ContractViolation(
          `${name}.${column.name} is no finite number in a row; nothing was written`,
        );
      cells[column.name] = value;
    }
    lines.push(`${JSON.stringify(cells)}\n`);
    counted.rows++;
    if (lines.length < CHUNK) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}
