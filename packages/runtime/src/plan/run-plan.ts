import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Row } from "../session/rows.ts";
import type { DuckSession } from "../session/session.ts";
import { identifier, text } from "../sql/quote.ts";
import { toEngine } from "../sql/to-engine.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { QueryPlan } from "./query-plan.ts";
import { uses } from "./uses.ts";

/** With what a plan is run. */
export interface PlanRun {
  readonly session: DuckSession;
  readonly store: ObjectStore;
  /** A folder of the run's own for the objects' files; what is written there is removed as soon as it is not needed. */
  readonly workDirectory: string;
}

/**
 * Rows of a row group: what DuckDB buffers per thread while it writes, and a fixed number, since the bytes of a file
 * depend on it. Half of DuckDB's default halves that part of the peak memory and costs under 1 % in size.
 */
const ROW_GROUP_ROWS = 61_440;

/**
 * Runs a plan on DuckDB: inputs come down to files, outputs go up as whole objects, the same bytes for the same input.
 * Returns the reports' rows, which are also written to `result`. A step that is read more than once is kept as a table
 * until its last use, every other one is a view.
 */
export async function runPlan(
  plan: QueryPlan,
  { session, store, workDirectory }: PlanRun,
): Promise<Record<string, Row[]>> {
  await mkdir(workDirectory, { recursive: true });
  for (const [index, input] of plan.inputs.entries()) {
    const files: string[] = [];
    for (const [part, uri] of input.uris.entries()) {
      const file = path.join(workDirectory, `input-${index}-${part}.parquet`);
      await store.download(uri, file);
      files.push(file);
    }
    await session.run(
      `CREATE OR REPLACE TEMP VIEW ${identifier(input.name)} AS SELECT * FROM read_parquet([${files.map(text).join(", ")}])`,
    );
  }

  const used = uses(plan);
  for (const step of plan.steps) {
    const kind = (used.get(step.name) ?? 0) > 1 ? "TABLE" : "VIEW";
    await session.run(
      `CREATE OR REPLACE TEMP ${kind} ${identifier(step.name)} AS ${toEngine(step.sql, "duckdb")}`,
    );
  }

  const reports: Record<string, Row[]> = {};
  for (const { name, sql } of plan.reports) reports[name] = await session.rows(toEngine(sql, "duckdb"));

  for (const [index, { from, to, orderBy }] of plan.outputs.entries()) {
    const file = path.join(workDirectory, `output-${index}.parquet`);
    const order = orderBy.map((column) => `${identifier(column)} NULLS LAST`).join(", ");
    await session.run(
      `COPY (SELECT * FROM ${identifier(from)} ORDER BY ${order}) TO ${text(file)} ` +
        `(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
    await store.upload(file, to, { contentType: "application/vnd.apache.parquet" });
    await rm(file, { force: true });
  }
  await store.putJson(plan.result, reports);
  return reports;
}
