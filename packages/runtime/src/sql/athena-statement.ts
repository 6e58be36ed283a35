import { UnsupportedSql } from "../errors.ts";
import { type AliasUse, aliasUses } from "./alias-uses.ts";
import { type CreateTableAs, splitCreateTableAs } from "./create-table-as.ts";
import { isNode } from "./restrictions.ts";
import { makeStrict } from "./strict-comparisons.ts";
import { type TableReference, takeTables } from "./table-references.ts";
import { toEngine } from "./to-engine.ts";
import { tokensOf } from "./tokens.ts";
import { Dialect, generate, parse, transpile } from "./transpiler.ts";
import { splitUnload, type Unload } from "./unload.ts";

export type { AliasUse } from "./alias-uses.ts";
export type { CreateTableAs } from "./create-table-as.ts";
export { bindParameters, ParameterMismatch } from "./parameters.ts";
export type { Predicate } from "./partition-predicates.ts";
export type { TableName, TableReference } from "./table-references.ts";
export type { Unload } from "./unload.ts";

/** What an Athena query asks for, to be run on DuckDB. */
export interface AthenaStatement {
  /** The query in DuckDB's dialect. It reads each table as the view that {@link TableReference} names. */
  readonly duckdb: string;
  readonly tables: readonly TableReference[];
  /** What DuckDB would read as a column and Athena may not. */
  readonly aliases: readonly AliasUse[];
  /** The query once more, to be bound only: it cannot be where it compares what Trino does not. */
  readonly strict: string | undefined;
  /** Where the rows go; absent for a query that answers with them. */
  readonly unload: Unload | undefined;
  /** The table that is made of the rows. */
  readonly create: CreateTableAs | undefined;
  /** Where in the statement its query begins, in code points. */
  readonly start: number;
}

/**
 * Reads one statement of Athena: SELECT, UNLOAD of one, or CREATE TABLE AS one. The query must keep to the subset
 * (`subset.ts`), with what only a query of analysts has on top: tables with their database, ORDER BY and LIMIT.
 * @throws UnsupportedSql
 */
export function athenaStatement(sql: string, database: string | undefined): AthenaStatement {
  const unloaded = splitUnload(sql);
  const created = unloaded === undefined ? splitCreateTableAs(sql, database) : undefined;
  const source = unloaded?.query ?? created?.query ?? sql;
  refuseOthers(source);
  const parsed = parse(source, Dialect.Trino);
  if (!parsed.success) throw new UnsupportedSql(`not SQL: ${parsed.error}`);
  const [query] = parsed.ast;
  if (query === undefined || parsed.ast.length > 1) throw new UnsupportedSql("more than one statement");
  const whole = structuredClone(query);
  const tables = takeTables(whole, database);
  const bare = structuredClone(whole);
  const ordered: unknown[] = [];
  takeOrder(bare, ordered);
  // The subset is checked without the clauses that only analysts use; written is the whole.
  toEngine(written(generate([bare], Dialect.Trino)), "duckdb");
  for (const expression of ordered) checkExpression(expression);
  const strict = structuredClone(whole);
  return {
    duckdb: forDuckDb(whole),
    strict: makeStrict(strict) ? forDuckDb(strict) : undefined,
    tables,
    aliases: aliasUses(whole),
    unload: unloaded?.unload,
    create: created?.create,
    start: unloaded?.start ?? created?.start ?? 0,
  };
}

/** @throws UnsupportedSql naming a statement that is no query */
function refuseOthers(source: string): void {
  const [first, second] = tokensOf(source).map((token) => token.text.toUpperCase());
  if (first === undefined) throw new UnsupportedSql("nothing to run");
  if (first === "SELECT" || first === "WITH" || first === "(") return;
  const named = [first, ...(second === undefined ? [] : [second])].join(" ");
  throw new UnsupportedSql(`the statement ${named}; SELECT, UNLOAD and CREATE TABLE AS run here`);
}

interface Answer {
  readonly success: boolean;
  readonly sql?: readonly string[] | undefined;
  readonly error?: string | null | undefined;
}

function written({ success, sql, error }: Answer): string {
  const [only] = sql ?? [];
  if (!success || only === undefined) throw new UnsupportedSql(`cannot be written: ${error ?? "no answer"}`);
  return only;
}

function forDuckDb(query: Parameters<typeof generate>[0][number]): string {
  const trino = written(generate([query], Dialect.Trino));
  return written(transpile(trino, Dialect.Trino, Dialect.DuckDB, { unsupportedLevel: "raise" }));
}

/** Takes ORDER BY and LIMIT off every query in a statement; what is ordered by is put into the list. */
function takeOrder(value: unknown, ordered: unknown[]): void {
  if (Array.isArray(value)) {
    for (const item of value) takeOrder(item, ordered);
    return;
  }
  if (!isNode(value)) return;
  for (const body of [value.select, value.union]) {
    if (!isNode(body)) continue;
    const order: unknown = isNode(body.order_by) ? body.order_by.expressions : [];
    for (const each of Array.isArray(order) ? order : []) ordered.push(Object(each).this);
    const { limit } = body;
    const count: unknown = isNode(limit) && isNode(limit.this) ? limit.this : limit;
    if (count && Object(Object(count).literal).literal_type !== "number")
      throw new UnsupportedSql("LIMIT of something else than a number");
    Reflect.set(body, "order_by", null);
    Reflect.set(body, "limit", null);
  }
  for (const member of Object.values(value)) takeOrder(member, ordered);
}

/** What a query is ordered by keeps to the subset as what it answers does. @throws UnsupportedSql */
function checkExpression(expression: unknown): void {
  const template = parse("SELECT 1 AS a", Dialect.Trino);
  const [query] = template.success ? template.ast : [];
  const select = isNode(query) ? Object(query).select : undefined;
  if (query === undefined || !isNode(select)) throw new UnsupportedSql("ORDER BY, which cannot be checked");
  Reflect.set(select, "expressions", [expression]);
  toEngine(written(generate([query], Dialect.Trino)), "duckdb");
}
