import { access, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type AthenaStatement,
  type DuckSession,
  identifier,
  isS3Uri,
  type ObjectStore,
  parseS3Uri,
  text,
  UnsupportedSql,
} from "@penstock/runtime";
import type { CatalogTable } from "../program/catalog.ts";
import { duckdbType } from "./glue-type.ts";

/** What is needed to make the catalogue's tables readable. */
export interface Reading {
  readonly session: DuckSession;
  readonly store: ObjectStore;
  readonly catalog: readonly CatalogTable[];
  readonly mirrorDirectory: string;
}

/** A table that the statement names is not in the catalogue. */
export class TableMissing extends Error {
  override readonly name = "TableMissing";
}

/**
 * Makes a view of each table of the statement, over its Parquet objects as they are now.
 * @returns bytes of these objects
 * @throws TableMissing, UnsupportedSql
 */
export async function makeViews(tables: AthenaStatement["tables"], reading: Reading): Promise<number> {
  let bytes = 0;
  for (const { database, table, view } of tables) {
    const found = reading.catalog.find((each) => each.database === database && each.name === table);
    if (found === undefined) {
      throw new TableMissing(`TABLE_NOT_FOUND: Table 'awsdatacatalog.${database}.${table}' does not exist`);
    }
    const { files, size } = await mirrored(found, reading);
    await reading.session.run(`CREATE VIEW ${identifier(view)} AS ${await selectAll(found, files, reading)}`);
    bytes += size;
  }
  return bytes;
}

/** The table's objects as files. An object that was read before, by any query, is there already. */
async function mirrored(
  { location, database, name, inputFormat }: CatalogTable,
  { store, mirrorDirectory }: Reading,
): Promise<{ files: string[]; size: number }> {
  if (!/parquet/i.test(inputFormat)) {
    throw new UnsupportedSql(`the table ${database}.${name}, which is not Parquet but ${inputFormat}`);
  }
  if (!isS3Uri(location)) throw new UnsupportedSql(`the table ${database}.${name} at ${location}`);
  const files: string[] = [];
  let size = 0;
  for await (const { uri, etag, bytes } of store.list(location)) {
    const { key } = parseS3Uri(uri);
    // As Athena: empty objects stand for folders, and a name that begins with a dot or an underscore is hidden.
    if (bytes === 0 || /(^|\/)[._][^/]*$/.test(key)) continue;
    // The key stays in the path: partition columns are read from it.
    const file = join(mirrorDirectory, etag, key);
    if (!(await isThere(file))) {
      const arriving = join(mirrorDirectory, "arriving", `${process.pid}-${files.length}`);
      await store.download(uri, arriving);
      await mkdir(dirname(file), { recursive: true });
      await rename(arriving, file);
    }
    files.push(file);
    size += bytes;
  }
  return { files, size };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The declared columns, in their declared types, whatever the files have. */
async function selectAll(
  table: CatalogTable,
  files: readonly string[],
  { session }: Reading,
): Promise<string> {
  const wanted = [...table.columns, ...table.partitionKeys].map(({ name, type }) => {
    const written = duckdbType(type);
    if (written === undefined)
      throw new UnsupportedSql(`the type ${type} of ${table.database}.${table.name}`);
    return { name, type: written };
  });
  const nothing = wanted.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
  if (files.length === 0) return `SELECT ${nothing.join(", ")} WHERE false`;
  const hive = table.partitionKeys.length > 0;
  const source = `read_parquet([${files.map(text).join(", ")}], union_by_name = true, hive_partitioning = ${hive}, hive_types_autocast = false)`;
  const present = new Map((await session.describe(source)).map(({ name }) => [name.toLowerCase(), name]));
  const columns = wanted.map(({ name, type }, at) => {
    const own = present.get(name);
    return own === undefined ? nothing[at] : `CAST(${identifier(own)} AS ${type}) AS ${identifier(name)}`;
  });
  return `SELECT ${columns.join(", ")} FROM ${source}`;
}
