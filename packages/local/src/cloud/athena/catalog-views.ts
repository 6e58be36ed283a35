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

/**
 * Makes a view for each place where the statement reads a table, over the Parquet objects that it needs there, as they
 * are now. @throws QueryRefused, UnsupportedSql
 */
export async function makeViews(
  references: AthenaStatement["tables"],
  reading: Reading,
): Promise<readonly TableView[]> {
  const tables = new Map<string, Promise<CatalogTable>>();
  const views: TableView[] = [];
  for (const [n, reference] of references.entries()) {
    const name = `${reference.database}.${reference.table}`;
    const table = await (tables.get(name) ?? tableOf(reference, reading));
    tables.set(name, Promise.resolve(table));
    const files = await filesOf(reference, table, n, reading);
    const select = await selectAll(table, files, n, reading);
    await reading.session.run(`CREATE VIEW ${identifier(reference.view)} AS ${select}`);
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

/** The declared columns, in their declared types, whatever the files have. */
async function selectAll(
  table: CatalogTable,
  files: TableView["files"],
  n: number,
  { session }: Reading,
): Promise<string> {
  const wanted = [...table.columns, ...table.partitionKeys].map(({ name, type }) => {
    const written = duckdbType(type);
    if (written === undefined)
      throw new UnsupportedSql(`the type ${type} of ${table.database}.${table.name}`);
    return { name, type: written };
  });
  const nothing = wanted.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
  const [first] = files;
  if (first === undefined) return `SELECT ${nothing.join(", ")} WHERE false`;
  const paths = [decoyOf(first.path, n), ...files.map(({ path }) => path)].map(text).join(", ");
  const source = `read_parquet([${paths}], union_by_name = true, hive_partitioning = true, hive_types_autocast = false)`;
  const present = new Map((await session.describe(source)).map(({ name }) => [name.toLowerCase(), name]));
  const columns = wanted.map(({ name, type }, at) => {
    const own = present.get(name);
    return own === undefined ? nothing[at] : `CAST(${identifier(own)} AS ${type}) AS ${identifier(name)}`;
  });
  return `SELECT ${columns.join(", ")} FROM ${source} WHERE ${identifier(MARKER)} = '${n}'`;
}
