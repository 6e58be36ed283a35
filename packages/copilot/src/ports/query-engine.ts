/** A column of a result, with Athena's type. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** How a query stands. */
export type QueryStanding =
  | { readonly state: "running" }
  | { readonly state: "succeeded"; readonly scannedBytes: number; readonly seconds: number }
  /** `reason`: the engine's own words. */
  | { readonly state: "failed" | "stopped"; readonly reason: string };

/** The first rows of a result; values are the engine's texts, null for NULL. */
export interface QueryRows {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** What runs queries over the marts. Failures of the service come out under the names of the runtime's errors. */
export interface QueryEngine {
  /** Starts a query and gives its id. */
  start(sql: string): Promise<string>;
  standing(id: string): Promise<QueryStanding>;
  /** At most so many rows of a query that has succeeded. */
  rows(id: string, most: number): Promise<QueryRows>;
  /** Stops a query; one that has ended stays as it is. */
  stop(id: string): Promise<void>;
}
