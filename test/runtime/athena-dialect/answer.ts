import { athenaStatement, type DuckSession, defineOperations, type Row } from "@penstock/runtime";

/** When the queries of these tests begin. */
export const NOW = new Date("2026-11-21T10:20:30.456Z");

/** Answers one query of Athena's over tables of a session, which stand in for those of the catalogue: a prefix and its name. */
export async function answer(session: DuckSession, sql: string, prefix = ""): Promise<Row[]> {
  return (await answerWithTypes(session, sql, prefix)).found;
}

/** The same with the types of its columns, as DuckDB calls them. */
export async function answerWithTypes(
  session: DuckSession,
  sql: string,
  prefix = "",
): Promise<{ types: string[]; found: Row[] }> {
  const statement = athenaStatement(sql, "shop", NOW);
  for (const { view, table } of statement.tables)
    await session.run(`CREATE OR REPLACE VIEW "${view}" AS SELECT * FROM main.${prefix}${table}`);
  await defineOperations(session, statement);
  const shape = await session.rows(`DESCRIBE ${statement.duckdb}`);
  return {
    types: shape.map(({ column_type }) => String(column_type)),
    found: await session.rows(statement.duckdb),
  };
}

/** An expression, what it comes to by Trino's rules, and why. */
export type ExpressionCase = readonly [says: string, expression: string, value: Row[string]];
