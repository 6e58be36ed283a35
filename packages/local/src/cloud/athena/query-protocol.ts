import type { CatalogTable } from "../program/catalog.ts";

/** What a query's process is told. */
export interface QueryOrder {
  readonly id: string;
  readonly sql: string;
  readonly database: string | undefined;
  readonly tables: readonly CatalogTable[];
  /** Prefix in S3 that the result goes to, with a slash at its end. */
  readonly output: string;
  /** Of this query alone. */
  readonly workDirectory: string;
  /** Objects that were read before, by entity tag; shared by all queries. */
  readonly mirrorDirectory: string;
  /** Environment variables with the caller's credentials. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** A column of a result; the type as Athena writes it, such as `decimal`. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
}

/** A result of a query: its columns, and its rows as text, null for NULL. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** How a query ended; its process then waits for another. The rows are in `result.json` of the work directory. */
export type QueryMessage =
  | {
      readonly type: "succeeded";
      readonly scannedBytes: number;
      /** S3 URI of the result, or of the list of the files that were written. */
      readonly outputLocation: string;
      readonly unloaded: boolean;
    }
  | { readonly type: "failed"; readonly byCaller: boolean; readonly message: string };

/** Name of the file with the {@link QueryResult}. */
export const resultFile = "result.json";
