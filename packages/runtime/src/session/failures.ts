import { ObjectMissing, OutOfMemory, QueryFailed, UnsupportedFile } from "../errors.ts";

/** Kinds of error that DuckDB finds before it reads a row: their messages can quote the query only. */
const BEFORE_ROWS: ReadonlySet<string> = new Set([
  "Binder Error",
  "Catalog Error",
  "Parser Error",
  "Permission Error",
]);

/** How DuckDB begins to speak of a file that is not the Parquet it should be. */
const NOT_PARQUET =
  /^(Invalid Input|IO|Invalid) Error: (No magic bytes|File '.*' too small|Failed to read (file|Parquet)|TProtocolException)/i;

/** A failure that a query states itself, by a cast of this text, which is no value of a row. */
const STATED = /^Conversion Error: .*["']athena:([A-Z_]+)["']/;

/**
 * A `catch` for the engine. DuckDB's messages quote cell values ("Could not convert string '4111…'"), and messages go
 * into logs and notices, so only what cannot hold a value is kept: the kind of error, and the message itself when it
 * arises before any row is read. The original is not attached either: whoever prints an error prints its cause.
 */
export function duckFailure(error: unknown): never {
  const message = error instanceof Error ? error.message : "";
  const kind = /^([A-Z][A-Za-z -]* Error): /.exec(message)?.[1] ?? "Unknown Error";
  if (kind === "Out of Memory Error" || (kind === "IO Error" && message.includes("No space left"))) {
    throw new OutOfMemory("DuckDB ran out of memory or temporary disk; run this object on a larger engine");
  }
  if (kind === "IO Error" && message.includes("No files found")) {
    throw new ObjectMissing("DuckDB found no file where the query reads one");
  }
  if (NOT_PARQUET.test(message)) {
    throw new UnsupportedFile(`DuckDB cannot read the file as Parquet (${kind}): damaged, or another format`);
  }
  if (BEFORE_ROWS.has(kind)) throw new QueryFailed(`DuckDB refuses the query: ${message}`);
  const stated = STATED.exec(message)?.[1];
  if (stated !== undefined) throw new QueryFailed(`DuckDB stopped in the middle of a query (${stated})`);
  throw new QueryFailed(
    `DuckDB stopped in the middle of a query (${kind}). Its message is withheld, as it may quote a value of a row; ` +
      "run the query by hand to see it",
  );
}
