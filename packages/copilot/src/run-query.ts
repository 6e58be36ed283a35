import { setTimeout as pause } from "node:timers/promises";
import { QueryFailed, TooLarge } from "@penstock/runtime/errors";
import { QueryTooSlow } from "./errors.ts";
import type { QueryEngine, QueryRows } from "./ports/query-engine.ts";

/** What came of a query. */
export interface QueryRun extends QueryRows {
  readonly id: string;
  readonly scannedBytes: number;
  readonly seconds: number;
}

/** Milliseconds between two looks: Athena needs a second or more for most. */
const PAUSE_MS = 200;

/**
 * Runs a query to its end, or stops it.
 * @throws {QueryTooSlow} after `maxSeconds`
 * @throws {TooLarge} when the workgroup cut it off @throws {QueryFailed}
 */
export async function runQuery(
  engine: QueryEngine,
  sql: string,
  { maxRows, maxSeconds }: { readonly maxRows: number; readonly maxSeconds: number },
): Promise<QueryRun> {
  const id = await engine.start(sql);
  const deadline = performance.now() + maxSeconds * 1000;
  for (;;) {
    const standing = await engine.standing(id);
    switch (standing.state) {
      case "succeeded":
        return {
          id,
          ...(await engine.rows(id, maxRows)),
          scannedBytes: standing.scannedBytes,
          seconds: standing.seconds,
        };
      case "failed":
        throw new QueryFailed(`Athena could not run the query ${id}; its history there says why`);
      case "stopped":
        throw new TooLarge(`The query ${id} was cut off by its workgroup. Ask for less: name months`);
      case "running":
        if (performance.now() > deadline) {
          await engine.stop(id);
          throw new QueryTooSlow(maxSeconds);
        }
        await pause(PAUSE_MS);
    }
  }
}
