import { type Contract, typedNulls } from "@penstock/contracts";
import { identifier, text } from "@penstock/runtime";
import type { Step } from "./refine-steps.ts";
import type { Landed } from "./snapshot.ts";
import { identifiers } from "./sql-text.ts";

/** `curated_<table>` and `waiting_<table>` over the local files; `_object` is the number in a file's name. DuckDB's own SQL. */
export function landedViews(contract: Contract, landed: readonly Landed[]): Step[] {
  const columns = contract.columns.map(({ name }) => name);
  const kept = contract.columns.map(({ name, sensitive }) =>
    sensitive === "cvv" ? `CAST(NULL AS VARCHAR) AS ${identifier(name)}` : identifier(name),
  );
  const number = `CAST(regexp_extract("_file", '([0-9]+)[.]parquet$', 1) AS BIGINT) AS "_object"`;
  const curated = landed.flatMap((one) => one.curated?.file ?? []);
  const pending = landed.flatMap((one) => one.pending?.file ?? []);
  const none = `SELECT CAST(NULL AS BIGINT) AS "_object", ${typedNulls(contract)}, CAST(NULL AS VARCHAR[]) AS "_reasons", CAST(NULL AS TIMESTAMP) AS "_arrived_at" LIMIT 0`;
  return [
    {
      name: `curated_${contract.name}`,
      sql:
        curated.length === 0
          ? `SELECT "_object", ${identifiers(columns)} FROM (${none})`
          : `SELECT ${number}, ${kept.join(", ")} FROM ${parquetFiles(curated)}`,
    },
    {
      name: `waiting_${contract.name}`,
      sql:
        pending.length === 0
          ? none
          : `SELECT ${number}, ${identifiers(columns)}, "_reasons", "_arrived_at" FROM ${parquetFiles(pending)}`,
    },
  ];
}

/** `judged_<table>` of a table in which nothing waits. DuckDB's own SQL, as lists have no type in the common subset. */
export function nothingWaits(contract: Contract): Step {
  const flags = `FALSE AS "_missing", CAST(NULL AS VARCHAR[]) AS "_reasons", FALSE AS "_old"`;
  const sql = `SELECT CAST(NULL AS BIGINT) AS "_object", ${typedNulls(contract)}, CAST(NULL AS VARCHAR[]) AS "_reasons_before", CAST(NULL AS TIMESTAMP) AS "_arrived_at", ${flags} LIMIT 0`;
  return { name: `judged_${contract.name}`, sql };
}

/** Local Parquet files as a relation. Their path is no data: no columns are made of folders like `year=2025`. */
export function parquetFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(text).join(", ")}], filename = '_file', hive_partitioning = false)`;
}
