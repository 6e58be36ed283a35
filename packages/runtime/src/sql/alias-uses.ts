import { isNode, type Node } from "./restrictions.ts";
import { Dialect, generate, transpile } from "./transpiler.ts";

/**
 * A name that a SELECT gives to one of its columns and uses elsewhere than in ORDER BY. Trino looks it up among the
 * columns of the sources only; DuckDB would take the SELECT's own, so that a query would run there that Athena refuses.
 */
export interface AliasUse {
  readonly name: string;
  /** Where it is used, in code points. */
  readonly start: number;
  /** A query in DuckDB's dialect that cannot be bound when no source has such a column. */
  readonly probe: string;
}

/** The uses of aliases in a query, its WITH and the subqueries that it reads from. */
export function aliasUses(query: unknown): AliasUse[] {
  const found: AliasUse[] = [];
  through(query, undefined, found);
  return found;
}

/** @param outer the WITH that is known around the query */
function through(query: unknown, outer: Node | undefined, found: AliasUse[]): void {
  if (!isNode(query)) return;
  if (isNode(query.subquery)) through(query.subquery.this, outer, found);
  const body = [query.select, query.union, query.intersect, query.except].find(isNode);
  if (body === undefined) return;
  const known = joined(outer, isNode(body.with) ? body.with : undefined, found);
  if (body !== query.select) {
    through(body.left, known, found);
    through(body.right, known, found);
    return;
  }
  const from = isNode(body.from) ? list(body.from.expressions) : [];
  for (const source of [...from, ...list(body.joins).map((join) => Object(join).this)])
    through(source, known, found);
  const aliases = new Set(list(body.expressions).map((item) => nameOf(Object(Object(item).alias).alias)));
  const { expressions, where_clause, group_by, having } = body;
  for (const column of columnsIn([expressions, where_clause, group_by, having])) {
    const name = nameOf(column.name);
    if (name === undefined || !aliases.has(name)) continue;
    const probe = probeOf(body, column, known);
    if (probe !== undefined) found.push({ name, start: startOf(column.name), probe });
  }
}

/** The WITH of a query behind the one around it; the queries in it are looked at too. */
function joined(outer: Node | undefined, own: Node | undefined, found: AliasUse[]): Node | undefined {
  if (own === undefined) return outer;
  let known = outer;
  for (const cte of list(own.ctes)) {
    through(Object(cte).this, known, found);
    known = { ...own, ctes: [...list(known?.ctes), cte] };
  }
  return known;
}

function probeOf(select: Node, column: Node, known: Node | undefined): string | undefined {
  const bare = {
    ...select,
    expressions: [{ column }],
    where_clause: null,
    group_by: null,
    having: null,
    order_by: null,
    limit: null,
    offset: null,
    fetch: null,
    distinct: false,
    with: known ?? null,
  };
  const query = structuredClone({ select: bare });
  // The generator takes what the parser gives; this is such a query, but for what was taken out.
  const trino = Reflect.apply(generate, undefined, [[query], Dialect.Trino]).sql?.[0];
  return trino === undefined ? undefined : transpile(trino, Dialect.Trino, Dialect.DuckDB).sql?.[0];
}

/** Columns without a source's name, outside of subqueries: those have columns of their own. */
function columnsIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(columnsIn);
  if (!isNode(value) || [value.select, value.union, value.intersect, value.except].some(isNode)) return [];
  if (isNode(value.column)) return isNode(value.column.table) ? [] : [value.column];
  return Object.values(value).flatMap(columnsIn);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function nameOf(identifier: unknown): string | undefined {
  return isNode(identifier) && typeof identifier.name === "string"
    ? identifier.name.toLowerCase()
    : undefined;
}

function startOf(identifier: unknown): number {
  return Number(Object(Object(identifier).span).start ?? 0);
}
