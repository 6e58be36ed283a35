import { UnsupportedSql } from "../errors.ts";
import { lint } from "./lint.ts";
import { remembered } from "./remembered.ts";
import { NOT_ON_SPARK, PRELUDE_FUNCTIONS } from "./subset.ts";
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
  const lacking = (names: ReadonlySet<string>) =>
    [...constructs].filter((name) => names.has(name)).join(", ");
  if (engine === "athena" && lacking(PRELUDE_FUNCTIONS) !== "")
    throw new UnsupportedSql(`Athena has no ${lacking(PRELUDE_FUNCTIONS)}; mask on another engine`);
  if (engine === "spark" && lacking(NOT_ON_SPARK) !== "")
    throw new UnsupportedSql(
      `${lacking(NOT_ON_SPARK)}: not the same on Spark; leave it to queries on Athena`,
    );
  const result = transpile(trinoSql, Dialect.Trino, DIALECTS[engine], { unsupportedLevel: "raise" });
  const [sql] = result.sql ?? [];
  if (!result.success || sql === undefined) {
    throw new UnsupportedSql(`cannot be written for ${engine}: ${result.error ?? "no answer"}`);
  }
  return sql;
}
