import { UnsupportedSql } from "../errors.ts";
import { isNode, type Node } from "./restrictions.ts";
import { toEngine } from "./to-engine.ts";
import { Dialect, generate, parse, transpile } from "./transpiler.ts";
import { splitUnload, type Unload } from "./unload.ts";

export type { Unload } from "./unload.ts";

/** A table of the catalogue, as a statement names it. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** What an Athena query asks for, to be run on DuckDB. */
export interface AthenaStatement {
  /** The query in DuckDB's dialect. It reads each table as the view that {@link TableName} has the `view` of. */
  readonly duckdb: string;
  readonly tables: readonly (TableName & { readonly view: string })[];
  /** Where the rows go; absent for a query that answers with them. */
  readonly unload: Unload | undefined;
}

/** Athena's name for the Glue catalogue of the account. */
const CATALOG = "awsdatacatalog";

/**
 * Reads one statement of Athena: SELECT, or UNLOAD of one. The query must keep to the subset (`subset.ts`), with what
 * only a whole query has on top: tables with their database, and ORDER BY columns with LIMIT.
 * @throws UnsupportedSql
 */
export function athenaStatement(sql: string, database: string | undefined): AthenaStatement {
  const split = splitUnload(sql);
  const source = split?.query ?? sql;
  const parsed = parse(source, Dialect.Trino);
  if (!parsed.success) throw new UnsupportedSql(`not SQL: ${parsed.error}`);
  const [query] = parsed.ast;
  if (query === undefined || parsed.ast.length > 1) throw new UnsupportedSql("more than one statement");
  const whole = structuredClone(query);
  const tables = takeTables(whole, database);
  const bare = structuredClone(whole);
  takeOrder(bare);
  // The subset is checked without the clauses that only stand at the end; written is the whole.
  toEngine(written(generate([bare], Dialect.Trino)), "duckdb");
  const duckdb = written(
    transpile(written(generate([whole], Dialect.Trino)), Dialect.Trino, Dialect.DuckDB, {
      unsupportedLevel: "raise",
    }),
  );
  return { duckdb, tables, unload: split?.unload };
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

/** Replaces every table of the catalogue by the name of its view, and tells which they are. */
function takeTables(query: unknown, database: string | undefined): AthenaStatement["tables"] {
  const found = new Map<string, TableName & { view: string }>();
  const own = new Set<string>();
  visit(query, "ctes", (list) => {
    for (const cte of Array.isArray(list) ? list : []) own.add(nameOf(Object(cte).alias) ?? "");
  });
  visit(query, "table", (node) => {
    const table = isNode(node) ? nameOf(node.name) : undefined;
    if (!isNode(node) || table === undefined) return;
    const schema = nameOf(node.schema);
    if (schema === undefined && own.has(table)) return;
    const catalog = nameOf(node.catalog) ?? CATALOG;
    if (catalog !== CATALOG) throw new UnsupportedSql(`the catalogue ${catalog}; there is ${CATALOG} only`);
    const of = schema ?? database;
    if (of === undefined) throw new UnsupportedSql(`the table ${table} without a database`);
    const view = `${of}.${table}`;
    found.set(view, { database: of, table, view });
    if (node.alias === null) Reflect.set(node, "alias", structuredClone(node.name));
    Reflect.set(node, "name", { ...Object(node.name), name: view, quoted: true });
    Reflect.set(node, "schema", null);
    Reflect.set(node, "catalog", null);
  });
  return [...found.values()];
}

/** Trino folds names to lower case, quoted or not. */
function nameOf(identifier: unknown): string | undefined {
  return isNode(identifier) && typeof identifier.name === "string"
    ? identifier.name.toLowerCase()
    : undefined;
}

/** Takes ORDER BY and LIMIT off the end of a query, once they are columns or positions, and a number. */
function takeOrder(query: unknown): void {
  const [body] = Object.values(Object(query));
  if (!isNode(body)) return;
  const order: unknown = isNode(body.order_by) ? body.order_by.expressions : [];
  for (const each of Array.isArray(order) ? order : []) {
    const { column, literal } = Object(Object(each).this);
    if (column === undefined && Object(literal).literal_type !== "number")
      throw new UnsupportedSql("ORDER BY of something else than columns and positions");
  }
  const { limit } = body;
  const count: unknown = isNode(limit) && isNode(limit.this) ? limit.this : limit;
  if (count && Object(Object(count).literal).literal_type !== "number")
    throw new UnsupportedSql("LIMIT of something else than a number");
  Reflect.set(body, "order_by", null);
  Reflect.set(body, "limit", null);
}

/** Calls back for every member of this name, the innermost last. */
function visit(value: unknown, name: string, found: (member: unknown) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, name, found);
    return;
  }
  if (!isNode(value)) return;
  const members: Node = value;
  for (const [key, member] of Object.entries(members)) {
    // A column's `table` is the identifier of an alias, and has no parts of a table.
    if (key === name && (name !== "table" || (isNode(member) && "schema" in member))) found(member);
    visit(member, name, found);
  }
}
