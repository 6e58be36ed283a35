import { join } from "node:path";
import {
  type AthenaStatement,
  type DuckSession,
  identifier,
  type TableReference,
  text,
  UnsupportedSql,
} from "@penstock/runtime";
import type { CatalogClient, CatalogTable } from "./catalog-client.ts";
import { duckdbType } from "./glue-type.ts";
import type { Mirror } from "./mirror.ts";
import { pruned } from "./prune-partitions.ts";
import { QueryRefused } from "./query-refused.ts";
import type { TableObjects } from "./table-objects.ts";

/** What is needed to make the catalogue's tables readable. */
export interface Reading {
  readonly session: DuckSession;
  readonly catalog: CatalogClient;
  readonly objects: TableObjects;
  readonly mirror: Mirror;
  /** Of the query alone. */
  readonly workDirectory: string;
  /** Where something of the query stands in the statement: `line 1:15`. */
  readonly positionOf: (start: number) => string;
}

/** A view of a table over the partitions that the query needs of it. */
export interface TableView {
  readonly table: CatalogTable;
  /** Values of the partition that each file is of. */
  readonly files: readonly { readonly path: string; readonly values: readonly string[] }[];
}

/** A partition key that no table has: its value tells in a query plan which view is read. */
export const MARKER = "__view";
/** The marker's value of a file that no view reads. */
const NO_VIEW = "none";

/** A place where the statement reads a table, and the table. */
type Place = readonly [reference: TableReference, table: CatalogTable];

/**
 * Makes a view without rows for each place where the statement reads a table: enough to check the statement before any
 * object is asked for. @throws QueryRefused, UnsupportedSql
 */
export async function makeShapes(
  references: AthenaStatement["tables"],
  reading: Reading,
): Promise<readonly Place[]> {
  const tables = new Map<string, CatalogTable>();
  const places: Place[] = [];
  for (const reference of references) {
    const name = `${reference.database}.${reference.table}`;
    const table = tables.get(name) ?? (await tableOf(reference, reading));
    tables.set(name, table);
    const columns = columnsOf(table).map(nothing).join(", ");
    await reading.session.run(`CREATE VIEW ${identifier(reference.view)} AS SELECT ${columns} WHERE false`);
    places.push([reference, table]);
  }
  return places;
}

/** Puts the rows into the views: of the Parquet objects that each place needs, as they are now. */
export async function fillViews(places: readonly Place[], reading: Reading): Promise<readonly TableView[]> {
  const views: TableView[] = [];
  for (const [n, [reference, table]] of places.entries()) {
    const files = await filesOf(reference, table, n, reading);
    if (files.length > 0) {
      const select = await selectAll(table, files, n, reading);
      await reading.session.run(`CREATE OR REPLACE VIEW ${identifier(reference.view)} AS ${select}`);
    }
    views.push({ table, files });
  }
  return views;
}

async function tableOf(
  { database, table, start }: TableReference,
  { catalog, positionOf }: Reading,
): Promise<CatalogTable> {
  const found = await catalog.table(database, table);
  if (found === undefined) {
    if (await catalog.hasDatabase(database))
      throw new QueryRefused(
        `TABLE_NOT_FOUND: ${positionOf(start)}: Table 'awsdatacatalog.${database}.${table}' does not exist`,
      );
    throw new QueryRefused(`SCHEMA_NOT_FOUND: ${positionOf(start)}: Schema '${database}' does not exist`);
  }
  if (!/parquet/i.test(found.inputFormat)) {
    const format = found.inputFormat || "a view";
    throw new UnsupportedSql(`the table ${database}.${table}, which is not Parquet but ${format}`);
  }
  return found;
}

async function filesOf(
  { predicates }: TableReference,
  table: CatalogTable,
  n: number,
  { session, objects, mirror, workDirectory }: Reading,
): Promise<TableView["files"]> {
  const partitions = await pruned(session, table, await objects.partitionsOf(table), predicates);
  objects.prepare(
    table,
    partitions.flatMap(({ location }) => location ?? []),
  );
  const found = await Promise.all(
    partitions.map(async ({ values, objects: list }) => {
      const folders = table.partitionKeys.map(
        ({ name }, at) => `${name}=${encodeURIComponent(values[at] ?? "")}`,
      );
      const directory = join(workDirectory, "tables", `${MARKER}=${n}`, ...folders);
      return (await list()).map((object, at) => ({ object, values, as: join(directory, `${at}.parquet`) }));
    }),
  );
  const files = found.flat();
  await mirror.link(files);
  const [first] = files;
  if (first !== undefined) await mirror.link([{ object: first.object, as: decoyOf(first.as, n) }]);
  return files.map(({ as, values }) => ({ path: as, values }));
}

/** The same file for no view: only a condition that leaves something out stays in DuckDB's plan. */
function decoyOf(file: string, n: number): string {
  return file.replace(`${MARKER}=${n}`, `${MARKER}=${NO_VIEW}${n}`);
}

/** A declared column in DuckDB's words. */
interface Column {
  readonly name: string;
  readonly type: string;
}

/** @throws UnsupportedSql for a type that is not read here */
function columnsOf(table: CatalogTable): Column[] {
  return [...table.columns, ...table.partitionKeys].map(({ name, type }) => {
    const written = duckdbType(type);
    if (written === undefined)
      throw new UnsupportedSql(`the type ${type} of ${table.database}.${table.name}`);
    return { name, type: written };
  });
}

function nothing({ name, type }: Column): string {
  return `CAST(NULL AS ${type}) AS ${identifier(name)}`;
}

/** The declared columns, in their declared types, whatever the files have. */
async function selectAll(
  table: CatalogTable,
  files: TableView["files"],
  n: number,
  { session }: Reading,
): Promise<string> {
  const decoys = files.slice(0, 1).map(({ path }) => decoyOf(path, n));
  const paths = [...decoys, ...files.map(({ path }) => path)].map(text).join(", ");
  const source = `read_parquet([${paths}], union_by_name = true, hive_partitioning = true, hive_types_autocast = false)`;
  const present = new Map((await session.describe(source)).map(({ name }) => [name.toLowerCase(), name]));
  const columns = columnsOf(table).map((column) => {
    const own = present.get(column.name);
    if (own === undefined) return nothing(column);
    return `CAST(${identifier(own)} AS ${column.type}) AS ${identifier(column.name)}`;
  });
  return `SELECT ${columns.join(", ")} FROM ${source} WHERE ${identifier(MARKER)} = '${n}'`;
}
