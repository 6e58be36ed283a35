import { type DuckSession, identifier, type Predicate, text } from "@penstock/runtime";
import type { CatalogColumn, CatalogTable } from "./catalog-client.ts";
import { duckdbType } from "./glue-type.ts";

/** Hive's name for the partition of rows without a value. */
const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

/**
 * Positions of the partitions that may hold rows for a condition in DuckDB's dialect over the partition keys: DuckDB
 * holds the values against it itself.
 */
export async function matching(
  session: DuckSession,
  keys: readonly CatalogColumn[],
  values: readonly (readonly string[])[],
  condition: string,
): Promise<Set<number>> {
  if (values.length === 0) return new Set();
  const rows = values.map(
    (each, n) => `(${[n, ...each.map((value) => (value === NO_VALUE ? "NULL" : text(value)))].join(", ")})`,
  );
  const typed = keys.map(
    ({ name, type }) =>
      `CAST(${identifier(name)} AS ${duckdbType(type) ?? "VARCHAR"}) AS ${identifier(name)}`,
  );
  const names = ["n", ...keys.map(({ name }) => name)].map(identifier).join(", ");
  const found = await session.rows(
    `SELECT n FROM (SELECT n, ${typed.join(", ")} FROM (VALUES ${rows.join(", ")}) AS given(${names})) WHERE ${condition}`,
  );
  return new Set(found.map(({ n }) => Number(n)));
}

/** The partitions that a query needs by what it says of the partition keys. */
export async function pruned<Partition extends { readonly values: readonly string[] }>(
  session: DuckSession,
  { partitionKeys }: CatalogTable,
  partitions: readonly Partition[],
  predicates: readonly Predicate[],
): Promise<readonly Partition[]> {
  const names = new Set(partitionKeys.map(({ name }) => name));
  const useful = predicates.filter(({ columns }) => columns.every((column) => names.has(column)));
  if (useful.length === 0) return partitions;
  const condition = useful.map(({ duckdb }) => `(${duckdb})`).join(" AND ");
  const values = partitions.map((partition) => partition.values);
  const needed = await matching(session, partitionKeys, values, condition);
  return partitions.filter((_, at) => needed.has(at));
}
