import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { toEngine } from "@penstock/runtime";

/** A real DuckDB in memory, in UTC as every session of ours is. */
export async function openDuckDb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/** A query in Trino's dialect, as DuckDB reads it. */
export function forDuckDb(trinoSql: string): string {
  return toEngine(trinoSql, "duckdb");
}

/** The rows of a query, each value as JSON has it (decimals and 64-bit integers as text). */
export async function rowsOf(connection: DuckDBConnection, sql: string) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}

/** Loads text into a table of VARCHAR columns, then casts it: DuckDB itself makes the typed values. */
export async function load(
  connection: DuckDBConnection,
  name: string,
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const quoted = columns.map((column) => `"${column.name}"`);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE loading (row_number INTEGER, ${quoted.map((column) => `${column} VARCHAR`).join(", ")})`,
  );
  const appender = await connection.createAppender("loading", null, "temp");
  for (const [index, row] of rows.entries()) {
    appender.appendInteger(index);
    for (const cell of row) {
      if (cell === null) appender.appendNull();
      else appender.appendVarchar(cell);
    }
    appender.endRow();
  }
  appender.closeSync();
  const casts = columns.map((column) => `CAST("${column.name}" AS ${column.type}) AS "${column.name}"`);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT ${casts.join(", ")}, row_number FROM loading`,
  );
}
