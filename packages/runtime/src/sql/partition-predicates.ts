import { UnsupportedSql } from "../errors.ts";
import { isNode, type Node } from "./restrictions.ts";
import { toEngine } from "./to-engine.ts";
import { Dialect, generate, parse } from "./transpiler.ts";

/** A condition that every row which a query reads of a table must meet: it may tell that whole partitions have none. */
export interface Predicate {
  /** The table's columns that it speaks of, in lower case. */
  readonly columns: readonly string[];
  /** In DuckDB's dialect, with the columns' names alone. */
  readonly duckdb: string;
}

/** A source of a SELECT: a table as it is called there, and which conditions hold for its rows. */
interface Source {
  readonly node: unknown;
  readonly calledAs: string | undefined;
  readonly conditions: readonly unknown[];
}

/**
 * The conditions on each table of one SELECT, by the table's node: what WHERE says, and the ON of inner joins. The rows
 * of a LEFT JOIN's right side are there for their own ON only: WHERE comes after it.
 */
export function predicatesOf(select: Node): ReadonlyMap<unknown, readonly Predicate[]> {
  const where = isNode(select.where_clause) ? conjuncts(select.where_clause.this) : [];
  const joins = list(select.joins).filter(isNode);
  // Rows without a partner come with NULL for the side that lacks it: a partition that is left out would make such rows.
  if (!joins.every(({ kind }) => kind === "Inner" || kind === "Cross" || kind === "Left")) return new Map();
  const outer = joins.filter(({ kind }) => kind !== "Inner" && kind !== "Cross");
  const inner = joins.filter((join) => !outer.includes(join));
  const common = [...where, ...inner.flatMap(({ on }) => conjuncts(on))];
  const from = isNode(select.from) ? list(select.from.expressions) : [];
  const sources = [
    ...[...from, ...inner.map((join) => join.this)].map((item) => source(item, common)),
    ...outer.map((join) => source(join.this, conjuncts(join.on))),
  ];
  return new Map(
    sources.map(({ node, calledAs, conditions }) => [
      node,
      conditions.flatMap((condition) => predicate(condition, calledAs) ?? []),
    ]),
  );
}

function source(item: unknown, conditions: readonly unknown[]): Source {
  const node = isNode(item) ? item.table : undefined;
  const named = isNode(node) ? (node.alias ?? node.name) : undefined;
  const calledAs = isNode(named) ? String(named.name).toLowerCase() : undefined;
  return { node, calledAs, conditions };
}

/** The parts of a condition that AND holds together. */
function conjuncts(condition: unknown): unknown[] {
  if (!isNode(condition)) return [];
  if (isNode(condition.paren)) return conjuncts(condition.paren.this);
  if (isNode(condition.and)) return [condition.and.left, condition.and.right].flatMap(conjuncts);
  return [condition];
}

/** A condition that speaks of nothing but columns of this source; without a qualifier a column may be of another. */
function predicate(condition: unknown, calledAs: string | undefined): Predicate | undefined {
  const own = structuredClone(condition);
  const columns = new Set<string>();
  if (!strip(own, calledAs, columns) || columns.size === 0) return undefined;
  const template = parse("SELECT 1", Dialect.Trino);
  const [query] = template.success ? template.ast : [];
  const select = isNode(query) ? Object(query).select : undefined;
  if (query === undefined || !isNode(select)) return undefined;
  Reflect.set(select, "expressions", [own]);
  const trino = generate([query], Dialect.Trino).sql?.[0];
  if (trino === undefined) return undefined;
  const duckdb = written(trino);
  if (duckdb === undefined || !duckdb.startsWith("SELECT ")) return undefined;
  return { columns: [...columns], duckdb: duckdb.slice("SELECT ".length) };
}

/** The condition for DuckDB, when it means the same there without any doubt. */
function written(trino: string): string | undefined {
  try {
    return toEngine(trino, "duckdb");
  } catch (error) {
    if (error instanceof UnsupportedSql) return undefined;
    throw error;
  }
}

/** Queries within a condition. */
const QUERIES = ["select", "union", "intersect", "except", "subquery", "values"];

/** Takes the source's name off its columns; false when there is anything but such columns and constants. */
function strip(value: unknown, calledAs: string | undefined, columns: Set<string>): boolean {
  if (Array.isArray(value)) return value.every((item) => strip(item, calledAs, columns));
  if (!isNode(value)) return true;
  if (QUERIES.some((kind) => isNode(value[kind]))) return false;
  const { column } = value;
  if (isNode(column) && isNode(column.name)) {
    const qualifier = isNode(column.table) ? String(column.table.name).toLowerCase() : undefined;
    if (qualifier !== undefined && qualifier !== calledAs) return false;
    columns.add(String(column.name.name).toLowerCase());
    Reflect.set(column, "table", null);
    return true;
  }
  return Object.values(value).every((member) => strip(member, calledAs, columns));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
