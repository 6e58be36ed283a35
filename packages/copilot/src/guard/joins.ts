import { isNode, type Node } from "@penstock/runtime/sql";
import { columnOf, conjuncts, list, nameOf, part, visit } from "./nodes.ts";
import { Refused } from "./refused.ts";
import { keysOfSelect, keysOfTable, NO_KEYS, type RowKeys } from "./row-keys.ts";
import type { Statement } from "./statement.ts";
import type { ReadTables } from "./tables.ts";

/** Joins in a query, all levels together. */
const MOST_JOINS = 4;

type Own = ReadonlyMap<string, RowKeys>;

/**
 * Rows do not multiply: by the equalities of a join each row of one side finds one of the other at most, or the rows of
 * its order, which are few.
 * @throws {Refused} too_many_joins, cross_join
 */
export function checkJoins({ root }: Statement, tables: ReadTables): void {
  visit(root, "from", (from) => {
    if (isNode(from) && list(from.expressions).length > 1)
      throw cross("Tables stand beside each other in FROM");
  });
  let joins = 0;
  visit(root, "joins", (joined) => {
    joins += list(joined).length;
  });
  if (joins > MOST_JOINS)
    throw new Refused("too_many_joins", `The query joins ${joins + 1} tables; ${MOST_JOINS + 1} at most.`);
  const own = new Map<string, RowKeys>();
  for (const { name, query } of tables.own) own.set(name, keysOf(query, own));
  visit(root, "select", (select) => {
    if (isNode(select)) joined(select, own);
  });
}

function cross(what: string): Refused {
  return new Refused(
    "cross_join",
    `${what}. Join with ON a.column = b.column, by columns that tell rows apart.`,
  );
}

function keysOf(query: Node, own: Own): RowKeys {
  const inner = part(query, "subquery");
  if (inner !== undefined && isNode(inner.this)) return keysOf(inner.this, own);
  const select = part(query, "select");
  if (select === undefined) return NO_KEYS;
  const { sources, grain } = joined(select, own);
  return keysOfSelect(select, sources, grain);
}

/** What a select reads, joined one after the other. `grain`: see {@link keysOfSelect} */
function joined(select: Node, own: Own): { sources: Map<string, RowKeys>; grain: string | undefined } {
  const sources = new Map<string, RowKeys>();
  let grain: string | undefined;
  for (const first of list(part(select, "from")?.expressions)) {
    grain = sourceName(first);
    sources.set(grain, keysOfSource(first, own));
  }
  for (const join of list(select.joins)) {
    if (!isNode(join)) continue;
    const name = sourceName(join.this);
    const keys = keysOfSource(join.this, own);
    const pairs = equalities(join, name).filter(({ other }) => sources.has(other.of));
    const findsOne = isUnique(
      keys,
      pairs.map(({ column }) => column),
    );
    const isFound = isUnique(
      sources.get(grain ?? "") ?? NO_KEYS,
      pairs.flatMap(({ other }) => (other.of === grain ? other.column : [])),
    );
    const isOfOrders = pairs.some(
      ({ column, other }) => keys.orders.has(column) && sources.get(other.of)?.orders.has(other.column),
    );
    if (!findsOne && !isFound && !isOfOrders)
      throw cross("A join has no equality between columns of its tables by which a row finds one other");
    if (!findsOne) grain = isFound ? name : undefined;
    sources.set(name, keys);
  }
  return { sources, grain };
}

function isUnique({ unique }: RowKeys, columns: readonly string[]): boolean {
  return unique.some((key) => key.every((column) => columns.includes(column)));
}

interface Equality {
  /** Of the table that is joined. */
  readonly column: string;
  readonly other: { readonly of: string; readonly column: string };
}

/** The equalities that all hold between columns of the table that is joined and of others. */
function equalities(join: Node, name: string): Equality[] {
  return conjuncts(join.on).flatMap((condition) => {
    const equality = part(condition, "eq");
    const left = columnOf(equality?.left);
    const right = columnOf(equality?.right);
    if (left?.of === undefined || right?.of === undefined || left.of === right.of) return [];
    const [here, other] = left.of === name ? [left, right] : [right, left];
    return here.of === name
      ? [{ column: here.column, other: { of: other.of ?? "", column: other.column } }]
      : [];
  });
}

function sourceName(source: unknown): string {
  const table = part(source, "table") ?? part(source, "subquery");
  return nameOf(table?.alias) ?? nameOf(table?.name) ?? "";
}

function keysOfSource(source: unknown, own: Own): RowKeys {
  const table = part(source, "table") ?? part(source, "subquery");
  // Columns may get other names there: which is which is not followed.
  if (table === undefined || list(table.column_aliases).length > 0) return NO_KEYS;
  const name = nameOf(table.name);
  if (name !== undefined) return keysOfTable(name, own);
  return isNode(table.this) ? keysOf(table.this, own) : NO_KEYS;
}
