import { UnsupportedSql } from "../errors.ts";
import { type AliasUse, aliasUses } from "./alias-uses.ts";
import { checkQuery } from "./athena/check.ts";
import type { TypedOperation } from "./athena/define-operations.ts";
import { plainDecimals, shortenColumns } from "./athena/prepared.ts";
import { unreadable } from "./athena/refusal-words.ts";
import { AthenaRewrite } from "./athena/rewrite.ts";
import { type CreateTableAs, splitCreateTableAs } from "./create-table-as.ts";
import { isNode } from "./restrictions.ts";
import { makeStrict } from "./strict-comparisons.ts";
import { type TableReference, takeTables } from "./table-references.ts";
import { tokensOf } from "./tokens.ts";
import { Dialect, generate, parse, transpile } from "./transpiler.ts";
import { splitUnload, type Unload } from "./unload.ts";

export type { AliasUse } from "./alias-uses.ts";
export { defineOperations } from "./athena/define-operations.ts";
export { TrinoRefusal, trinoType } from "./athena/operations/types.ts";
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
  /** What both read calls that DuckDB lacks: to be defined by `defineOperations` when the views are there. */
  readonly operations: readonly TypedOperation[];
  /** Where the rows go; absent for a query that answers with them. */
  readonly unload: Unload | undefined;
  /** The table that is made of the rows. */
  readonly create: CreateTableAs | undefined;
  /** Where in the statement its query begins, in code points. */
  readonly start: number;
}

/**
 * Reads one statement of Athena: SELECT, UNLOAD of one, or CREATE TABLE AS one. The query is in Trino's dialect, as far as
 * `athena/language.ts` goes.
 * @param now what current_date and current_timestamp tell
 * @throws UnsupportedSql
 */
export function athenaStatement(
  sql: string,
  database: string | undefined,
  now = new Date(),
): AthenaStatement {
  const unloaded = splitUnload(sql);
  const created = unloaded === undefined ? splitCreateTableAs(sql, database) : undefined;
  const source = plainDecimals(unloaded?.query ?? created?.query ?? sql);
  refuseOthers(source);
  const parsed = parse(source, Dialect.Trino);
  if (!parsed.success)
    throw new UnsupportedSql(
      unreadable(
        String(parsed.error),
        tokensOf(source).map(({ text }) => text.toUpperCase()),
      ),
    );
  const [query] = parsed.ast;
  if (query === undefined || parsed.ast.length > 1) throw new UnsupportedSql("more than one statement");
  const whole = structuredClone(query);
  shortenColumns(whole);
  checkQuery(whole, source);
  const tables = takeTables(whole, database);
  withoutAll(whole);
  const rewrite = new AthenaRewrite(source, now);
  rewrite.through(whole);
  const strict = structuredClone(whole);
  return {
    duckdb: forDuckDb(whole),
    strict: makeStrict(strict) ? forDuckDb(strict) : undefined,
    operations: rewrite.operations,
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
  if (first === "SELECT" || first === "WITH" || first === "VALUES" || first === "(") return;
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

/** LIMIT ALL is none. */
function withoutAll(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) withoutAll(item);
    return;
  }
  if (!isNode(value)) return;
  const limit = isNode(value.limit) && isNode(value.limit.this) ? value.limit.this : value.limit;
  if (limit && Object(Object(limit).literal).literal_type !== "number") {
    if (String(Object(Object(Object(limit).column).name).name).toLowerCase() !== "all")
      throw new UnsupportedSql("LIMIT of something else than a number");
    Reflect.set(value, "limit", null);
  }
  for (const member of Object.values(value)) withoutAll(member);
}
