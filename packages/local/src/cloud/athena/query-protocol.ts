/** What a query's process is told. */
export interface QueryOrder {
  readonly id: string;
  readonly sql: string;
  /** Values for the `?` of the statement, as literals of SQL. */
  readonly parameters: readonly string[] | undefined;
  readonly database: string | undefined;
  /** Prefix in S3 that the result goes to, with a slash at its end. */
  readonly output: string;
  /** Whether the workgroup says where everything goes that queries write. */
  readonly outputEnforced: boolean;
  /** A query that would read more bytes is cancelled. */
  readonly bytesScannedCutoff: number | undefined;
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

/** A query that did what it was asked for. The rows are in `result.json` of the work directory. */
export interface QuerySuccess {
  readonly type: "succeeded";
  readonly kind: "SELECT" | "UNLOAD" | "CREATE_TABLE_AS_SELECT";
  readonly scannedBytes: number;
  /** S3 URI of the result, or of what was written. */
  readonly outputLocation: string;
  /** S3 URI of the list of the files that were written. */
  readonly manifest: string | undefined;
}

/** How a query ended; its process then waits for another. */
export type QueryMessage =
  | QuerySuccess
  /** It would have read more than its workgroup allows. */
  | { readonly type: "cut off"; readonly scannedBytes: number }
  | { readonly type: "failed"; readonly byCaller: boolean; readonly message: string };

/** Name of the file with the {@link QueryResult}. */
export const resultFile = "result.json";
