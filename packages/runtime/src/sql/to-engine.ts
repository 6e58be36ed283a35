import { UnsupportedSql } from "../errors.ts";
import { lint } from "./lint.ts";
import { remembered } from "./remembered.ts";
import { PRELUDE_FUNCTIONS } from "./subset.ts";
import { Dialect, transpile } from "./transpiler.ts";

/** The engines that run Penstock's SQL. Athena runs Trino's dialect, in which it is written. */
export type Engine = "duckdb" | "spark" | "athena";

const DIALECTS = { duckdb: Dialect.DuckDB, spark: Dialect.Spark, athena: Dialect.Trino } as const;

/**
 * A query in Trino's dialect, written for an engine. Throws {@link UnsupportedSql} for what is outside the subset that
 * means the same on all of them, and for functions of the prelude on Athena, where nothing can define them: what Athena
 * reads is masked already.
 */
export function toEngine(trinoSql: string, engine: Engine): string {
  return writers[engine](trinoSql);
}

const writers = {
  duckdb: remembered((sql) => write(sql, "duckdb")),
  spark: remembered((sql) => write(sql, "spark")),
  athena: remembered((sql) => write(sql, "athena")),
} as const;

function write(trinoSql: string, engine: Engine): string {
  const { constructs } = lint(trinoSql);
  const missing = [...constructs].filter((name) => engine === "athena" && PRELUDE_FUNCTIONS.has(name));
  if (missing.length > 0)
    throw new UnsupportedSql(`Athena has no ${missing.join(", ")}; mask on another engine`);
  const result = transpile(trinoSql, Dialect.Trino, DIALECTS[engine], { unsupportedLevel: "raise" });
  const [sql] = result.sql ?? [];
  if (!result.success || sql === undefined) {
    throw new UnsupportedSql(`cannot be written for ${engine}: ${result.error ?? "no answer"}`);
  }
  return sql;
}
