import { ObjectMissing, OutOfMemory, QueryFailed, UnsupportedFile } from "../errors.ts";

/**
 * A `catch` for the engine. DuckDB's messages quote cell values ("Could not convert string '4111…'"), and messages go
 * into logs and notices, so only what cannot hold a value is kept: the kind of error, and for errors that arise before
 * any row is read (parser, binder, catalogue) the message itself. The original is not attached either: whoever prints
 * an error prints its cause.
 */
export function duckFailure(error: unknown): never {
  const message = error instanceof Error ? error.message : "";
  const kind = /^([A-Za-z -]+ Error)\b/.exec(message)?.[1] ?? "Unknown Error";
  if (kind === "Out of Memory Error") {
    throw new OutOfMemory(
      `DuckDB ran out of its memory limit or of temporary disk; run this object on a larger engine`,
    );
  }
  if (kind === "IO Error" && message.includes("No files found")) {
    throw new ObjectMissing("DuckDB found no file where the query reads one");
  }
  if (
    /(No magic bytes|too small to be a Parquet|Parquet|TProtocolException)/.test(message) &&
    kind !== "Binder Error"
  ) {
    throw new UnsupportedFile(
      `DuckDB cannot read the file as Parquet (${kind}): it is damaged or another format`,
    );
  }
  if (BEFORE_ROWS.has(kind)) throw new QueryFailed(`DuckDB refuses the query: ${message}`);
  throw new QueryFailed(
    `DuckDB stopped in the middle of a query (${kind}). Its message is withheld, as it may quote a value of a row; ` +
      "run the query by hand to see it",
  );
}

const BEFORE_ROWS = new Set(["Parser Error", "Catalog Error", "Permission Error", "Syntax Error"]);
