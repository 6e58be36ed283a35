import { Dialect, transpile } from "@polyglot-sql/sdk";
import { UnsupportedSql } from "../errors.ts";

/** The engines that run Penstock's SQL. Athena's dialect is the one that it is written in. */
export type Engine = "duckdb" | "spark" | "athena";

/**
 * A query in Trino's dialect, written for an engine. Throws {@link UnsupportedSql} for what is outside the subset that
 * means the same on all of them.
 */
export function toEngine(trinoSql: string, engine: Engine): string {
  const result = transpile(trinoSql, Dialect.Trino, DIALECTS[engine], { unsupportedLevel: "raise" });
  const [sql, ...more] = result.sql ?? [];
  if (!result.success || sql === undefined || more.length > 0) {
    throw new UnsupportedSql(
      `not one query of the subset: ${result.error ?? "several statements"}; in: ${trinoSql.slice(0, 200)}`,
    );
  }
  return sql;
}

const DIALECTS = { duckdb: Dialect.DuckDB, spark: Dialect.Spark, athena: Dialect.Athena } as const;
