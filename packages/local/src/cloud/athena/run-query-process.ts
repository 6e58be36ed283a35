/** The program of a process for Athena's queries: runs one after the other on DuckDB over the catalogue's Parquet objects. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import {
  athenaStatement,
  type DuckSession,
  identifier,
  isS3Uri,
  newS3Client,
  type ObjectStore,
  openSession,
  type S3Uri,
  s3ObjectStore,
  text,
  type Unload,
  UnsupportedSql,
} from "@penstock/runtime";
import { makeViews, TableMissing } from "./catalog-views.ts";
import { type QueryMessage, type QueryOrder, type QueryResult, resultFile } from "./query-protocol.ts";
import { csv, resultColumn, resultText } from "./result-text.ts";

const memoryMb = 1024;
/** Athena's quota of partitions that one UNLOAD writes. */
const maxPartitions = 100;

/** What is wrong is the caller's, as Athena tells it apart from faults of its own. */
class Refused extends Error {
  override readonly name = "Refused";
}

process.on("disconnect", () => process.exit(0));
process.on("message", (order: QueryOrder) => {
  void run(order).then((message) => process.send?.(message));
});

async function run(order: QueryOrder): Promise<QueryMessage> {
  // One query at a time: the client reads the environment when it first needs credentials.
  Object.assign(process.env, { AWS_SESSION_TOKEN: "", ...order.credentials });
  try {
    return await answer(order, s3ObjectStore(newS3Client()));
  } catch (error) {
    if (!(error instanceof Error)) return { type: "failed", byCaller: false, message: String(error) };
    const byCaller =
      error instanceof UnsupportedSql || error instanceof TableMissing || error instanceof Refused;
    const message = error instanceof UnsupportedSql ? `NOT_SUPPORTED: ${error.message}` : error.message;
    return { type: "failed", byCaller: byCaller || error.name === "AccessDenied", message };
  }
}

async function answer(order: QueryOrder, store: ObjectStore): Promise<QueryMessage> {
  const { sql, database, tables: catalog, workDirectory, mirrorDirectory } = order;
  const { duckdb, tables, unload } = athenaStatement(sql, database);
  await mkdir(mirrorDirectory, { recursive: true });
  await using session = await openSession({
    memoryMb,
    threads: 2,
    tempDirectory: join(workDirectory, "spill"),
    directories: [workDirectory, mirrorDirectory],
  });
  const scannedBytes = await makeViews(tables, { session, store, catalog, mirrorDirectory });
  const outputLocation =
    unload === undefined
      ? await select(duckdb, order, session, store)
      : await writeOut(duckdb, unload, order, session, store);
  return { type: "succeeded", scannedBytes, outputLocation, unloaded: unload !== undefined };
}

/** Answers with the rows: as CSV in S3, and for GetQueryResults. */
async function select(
  duckdb: string,
  { id, output, workDirectory }: QueryOrder,
  session: DuckSession,
  store: ObjectStore,
): Promise<string> {
  await session.run(`CREATE VIEW result AS ${duckdb}`);
  const columns = (await session.describe("result")).map(resultColumn);
  // Not from the view, which would lose the order.
  const found = await session.rows(duckdb);
  const rows = found.map((row) => columns.map((column) => resultText(row[column.name], column)));
  await keep({ columns, rows }, workDirectory);
  const file = join(workDirectory, "result.csv");
  await writeFile(file, csv(columns, rows));
  const to = uri(`${output}${id}.csv`);
  await store.upload(file, to, { contentType: "text/csv" });
  return to;
}

/** UNLOAD: the rows as Parquet to where the statement says, and the list of the files to where results go. */
async function writeOut(
  duckdb: string,
  { to, compression, partitionedBy }: Unload,
  { id, output, workDirectory }: QueryOrder,
  session: DuckSession,
  store: ObjectStore,
): Promise<string> {
  const prefix = to.endsWith("/") ? to : `${to}/`;
  for await (const { uri: taken } of store.list(uri(prefix)))
    throw new Refused(`HIVE_PATH_ALREADY_EXISTS: Target directory for UNLOAD is not empty: ${taken}`);
  const directory = join(workDirectory, "unload");
  await mkdir(directory);
  const partitions =
    partitionedBy.length === 0 ? "" : `, PARTITION_BY (${partitionedBy.map(identifier).join(", ")})`;
  const target = partitions === "" ? join(directory, "data_0.parquet") : directory;
  // In a total order, so that the same rows make the same files.
  await session.run(
    `COPY (SELECT * FROM (${duckdb}) ORDER BY ALL) TO ${text(target)} (FORMAT parquet, COMPRESSION ${compression}${partitions})`,
  );
  const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const folders = new Set(files.map((file) => folderOf(file, directory)));
  if (folders.size > maxPartitions)
    throw new Refused(`HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${maxPartitions} open writers`);
  const written: string[] = [];
  for (const [at, file] of files.entries()) {
    const object = uri(`${prefix}${folderOf(file, directory)}${id}_${at}`);
    await store.upload(file, object);
    written.push(object);
  }
  await keep({ columns: [], rows: [] }, workDirectory);
  const list = join(workDirectory, "manifest.csv");
  await writeFile(list, written.map((object) => `${object}\n`).join(""));
  const manifest = uri(`${output}${id}-manifest.csv`);
  await store.upload(list, manifest, { contentType: "text/csv" });
  return manifest;
}

/** The folders between the place of the files and one of them, as they stand in keys. */
function folderOf(file: string, directory: string): string {
  const parts = relative(directory, file).split(sep).slice(0, -1);
  return parts.map((part) => `${part}/`).join("");
}

async function keep(result: QueryResult, workDirectory: string): Promise<void> {
  await writeFile(join(workDirectory, resultFile), JSON.stringify(result));
}

function uri(value: string): S3Uri {
  if (isS3Uri(value)) return value;
  throw new Refused(`Not an S3 URI: ${value}`);
}
