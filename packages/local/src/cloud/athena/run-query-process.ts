/** The program of a process for Athena's queries: runs one after the other on DuckDB over the catalogue's Parquet objects. */
import { rm } from "node:fs/promises";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { answerQuery } from "./answer-query.ts";
import { positionOfWord } from "./positions.ts";
import type { QueryMessage, QueryOrder } from "./query-protocol.ts";
import { CutOff } from "./query-refused.ts";
import { trinoFailure } from "./trino-failure.ts";

process.on("disconnect", () => process.exit(0));
process.on("message", (order: QueryOrder) => {
  void run(order).then((message) => process.send?.(message));
});

// The cloud kills it at its end, when nothing would be written any more.
flushCompileCache();

async function run(order: QueryOrder): Promise<QueryMessage> {
  // One query at a time: clients read the environment when they first need credentials.
  Object.assign(process.env, { AWS_SESSION_TOKEN: "", ...order.credentials });
  try {
    return await answerQuery(order);
  } catch (error) {
    if (error instanceof CutOff) return { type: "cut off", scannedBytes: error.bytes };
    return trinoFailure(error, (name) => positionOfWord(order.sql, name));
  } finally {
    await rm(join(order.workDirectory, "tables"), { recursive: true, force: true });
  }
}
