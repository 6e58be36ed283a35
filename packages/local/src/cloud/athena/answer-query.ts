import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type AthenaStatement,
  athenaStatement,
  bindParameters,
  type DuckSession,
  defineOperations,
  newS3Client,
  openSession,
  s3ObjectStore,
} from "@penstock/runtime";
import { CatalogClient } from "./catalog-client.ts";
import { fillViews, makeShapes } from "./catalog-views.ts";
import { createTable } from "./create-table.ts";
import { Mirror } from "./mirror.ts";
import { positionAt } from "./positions.ts";
import { type QueryOrder, type QueryResult, type QuerySuccess, resultFile } from "./query-protocol.ts";
import { CutOff, QueryRefused } from "./query-refused.ts";
import { csv, resultColumn, resultText } from "./result-text.ts";
import { scannedBytes } from "./scanned-bytes.ts";
import { TableObjects } from "./table-objects.ts";
import { columnNotFound, typeMismatch } from "./trino-failure.ts";
import { s3, type Writing, writeFiles, writeManifest } from "./write-out.ts";

/**
 * What DuckDB may hold. Features of five million interactions take 16 to 17 s with 1,600 MB and with 2,048, a little more with
 * 1,200, when they spill; with 2,048 the process came near 2 GB.
 */
const memoryMb = 1600;

/** Runs one query of Athena's, with the credentials of the environment. @throws whatever is wrong with it; {@link CutOff} */
export async function answerQuery(order: QueryOrder): Promise<QuerySuccess> {
  const { parameters, database, workDirectory, mirrorDirectory, bytesScannedCutoff } = order;
  const sql = parameters === undefined ? order.sql : bindParameters(order.sql, parameters);
  const statement = athenaStatement(sql, database);
  const client = newS3Client();
  const catalog = new CatalogClient();
  try {
    const store = s3ObjectStore(client);
    await mkdir(mirrorDirectory, { recursive: true });
    await using session = await openSession({
      memoryMb,
      threads: 2,
      tempDirectory: join(workDirectory, "spill"),
      directories: [workDirectory, mirrorDirectory],
    });
    const positionOf = (start: number) => positionAt(sql, statement.start + start);
    const reading = {
      session,
      catalog,
      workDirectory,
      objects: new TableObjects(store, catalog),
      mirror: new Mirror(store, mirrorDirectory, order.credentials.AWS_ACCESS_KEY_ID ?? ""),
      positionOf,
    };
    const places = await makeShapes(statement.tables, reading);
    await defineOperations(session, statement);
    await refuseAliases(session, statement.aliases, positionOf);
    await refuseMixedTypes(session, statement.strict);
    const views = await fillViews(places, reading);
    const bytes = await scannedBytes(session, statement.duckdb, views);
    if (bytesScannedCutoff !== undefined && bytes > bytesScannedCutoff) throw new CutOff(bytesScannedCutoff);
    const done = await finish(statement, order, {
      id: order.id,
      workDirectory,
      session,
      store,
      catalog,
      position: positionAt(sql, 0),
    });
    return { type: "succeeded", scannedBytes: bytes, ...done };
  } finally {
    client.destroy();
    catalog.close();
  }
}

/** Trino looks for an alias among the columns of the sources, except in ORDER BY. @throws QueryRefused */
async function refuseAliases(
  session: DuckSession,
  aliases: AthenaStatement["aliases"],
  positionOf: (start: number) => string,
): Promise<void> {
  for (const { name, start, probe } of aliases) {
    await session.rows(`DESCRIBE ${probe}`).catch((error: unknown) => {
      if (error instanceof Error && error.message.includes(`"${name}" not found`))
        throw new QueryRefused(columnNotFound(positionOf(start), name));
    });
  }
}

/** Trino compares a text with a text only. @throws QueryRefused */
async function refuseMixedTypes(session: DuckSession, strict: string | undefined): Promise<void> {
  if (strict === undefined) return;
  await session.rows(`DESCRIBE ${strict}`).catch((error: unknown) => {
    const mixed = error instanceof Error ? typeMismatch(error.message) : undefined;
    if (mixed !== undefined) throw new QueryRefused(mixed);
  });
}

type Done = Pick<QuerySuccess, "kind" | "outputLocation" | "manifest">;

async function finish(
  { duckdb, unload, create }: AthenaStatement,
  order: QueryOrder,
  writing: Writing & { readonly catalog: CatalogClient; readonly position: string },
): Promise<Done> {
  const { id, output } = order;
  if (unload === undefined && create === undefined) {
    const outputLocation = await select(duckdb, order, writing);
    return { kind: "SELECT", outputLocation, manifest: undefined };
  }
  await keep({ columns: [], rows: [] }, order);
  if (unload !== undefined) {
    const prefix = s3(unload.to.endsWith("/") ? unload.to : `${unload.to}/`);
    const { uris } = await writeFiles(duckdb, { named: "UNLOAD", prefix, ...unload }, writing);
    const manifest = s3(`${output}${id}-manifest.csv`);
    await writeManifest(uris, manifest, writing);
    return { kind: "UNLOAD", outputLocation: `${output}${id}`, manifest };
  }
  const made = create && (await createTable(duckdb, create, order, writing));
  const done = { kind: "CREATE_TABLE_AS_SELECT", outputLocation: `${output}tables/${id}` } as const;
  if (made === undefined) return { ...done, manifest: undefined };
  const manifest = s3(`${output}tables/${id}-manifest.csv`);
  await writeManifest(made.files.uris, manifest, writing);
  return { ...done, manifest };
}

/** Answers with the rows: as CSV in S3, and for GetQueryResults. */
async function select(
  duckdb: string,
  order: QueryOrder,
  { session, store }: { session: DuckSession; store: Writing["store"] },
): Promise<string> {
  const { id, output, workDirectory } = order;
  const shape = (await session.rows(`DESCRIBE ${duckdb}`)).map((row, at) => ({
    // What has no name is called by its place, behind a star too.
    name: String(row.column_name).replace(/^_?col\d+$/, `_col${at}`),
    key: String(row.column_name),
    type: String(row.column_type),
  }));
  const columns = shape.map(resultColumn);
  const keys = keysOf(shape.map(({ key }) => key));
  const found = await session.rows(duckdb);
  const rows = found.map((row) => shape.map(({ type }, at) => resultText(row[keys[at] ?? ""], type)));
  await keep({ columns, rows }, order);
  const file = join(workDirectory, "result.csv");
  await writeFile(file, csv(columns, rows));
  const to = s3(`${output}${id}.csv`);
  await store.upload(file, to, { contentType: "text/csv" });
  return to;
}

/** Under which names a row has columns of equal names. */
function keysOf(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}:${before}`;
  });
}

async function keep(result: QueryResult, { workDirectory }: QueryOrder): Promise<void> {
  await writeFile(join(workDirectory, resultFile), JSON.stringify(result));
}
