import { type MartName, marts } from "@penstock/contracts";
import { isNode, type Node } from "@penstock/runtime/sql";
import { columnOf, list, nameOf, part, sourcesOf } from "./nodes.ts";
import { Refused } from "./refused.ts";
import type { Statement } from "./statement.ts";
import { isMart, type ReadTables, shown } from "./tables.ts";

/** The column by which builds are told apart: which one is read is not the question's to say. */
export const BUILD = "build";
const PLAIN = /^[a-z_][a-z0-9_]{0,62}$/;

/** Names that a place in a query sees: of its sources, and of the query around it. */
interface Scope {
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  readonly outer: Scope | undefined;
}

/** A mart's columns that a question may name, in their order. */
export function columnsOfMart(name: MartName): string[] {
  const { columns, partitionKeys } = marts[name];
  return [...columns, ...partitionKeys].map((column) => column.name).filter((column) => column !== BUILD);
}

/**
 * Every column is one of a table of the query.
 * @throws {Refused} unknown_column, hidden_column, unsupported_sql for a name that is none
 */
export function checkColumns({ root, body }: Statement, { own }: ReadTables): void {
  const tables = new Map<string, ReadonlySet<string>>();
  for (const { name, query } of own) tables.set(name, outputOf(query, tables, undefined));
  const { with: _, ...rest } = body;
  const [kind = ""] = Object.keys(root);
  outputOf({ [kind]: rest }, tables, undefined);
}

type Tables = ReadonlyMap<string, ReadonlySet<string>>;

/** Checks a query and gives the names of the columns that it answers with. */
function outputOf(query: Node, tables: Tables, outer: Scope | undefined): ReadonlySet<string> {
  const union = part(query, "union");
  if (union !== undefined) {
    const [left] = [union.left, union.right].map((side) =>
      isNode(side) ? outputOf(side, tables, outer) : new Set<string>(),
    );
    const names = left ?? new Set();
    checkWithin(union.order_by, { sources: new Map([["", names]]), outer: undefined }, tables);
    return names;
  }
  const inner = part(query, "subquery");
  if (inner !== undefined && isNode(inner.this)) return outputOf(inner.this, tables, outer);
  const select = part(query, "select");
  if (select === undefined) throw new Refused("unsupported_sql", "A part of the query is no SELECT.");
  const sources = new Map<string, ReadonlySet<string>>();
  for (const source of sourcesOf(select)) {
    const [name, columns] = sourceOf(source, tables, outer);
    if (sources.has(name))
      throw new Refused("unsupported_sql", `${name} stands twice in FROM. Give aliases.`);
    sources.set(name, columns);
  }
  const scope: Scope = { sources, outer };
  const output = new Set<string>();
  for (const expression of list(select.expressions)) addNames(expression, scope, output);
  const { from: _, joins, order_by, ...clauses } = select;
  checkWithin(clauses, scope, tables);
  for (const join of list(joins)) if (isNode(join)) checkWithin(join.on, scope, tables);
  checkWithin(order_by, { sources: new Map([...sources, ["", output]]), outer }, tables);
  return output;
}

function sourceOf(
  source: Node,
  tables: Tables,
  outer: Scope | undefined,
): [name: string, columns: ReadonlySet<string>] {
  const table = part(source, "table");
  if (table !== undefined) {
    const name = nameOf(table.name) ?? "";
    const columns = isMart(name) ? new Set(columnsOfMart(name)) : (tables.get(name) ?? new Set<string>());
    return [plain(nameOf(table.alias) ?? name), columns];
  }
  const subquery = part(source, "subquery");
  const alias = nameOf(subquery?.alias);
  if (alias === undefined || !isNode(subquery?.this))
    throw new Refused("unsupported_sql", "A subquery in FROM has no name. Write AS name behind it.");
  return [plain(alias), outputOf(subquery.this, tables, outer)];
}

/** Notes under which name an expression of a SELECT's list comes out. */
function addNames(expression: unknown, scope: Scope, output: Set<string>): void {
  const star = part(expression, "star");
  if (star !== undefined) {
    const of = nameOf(star.table);
    for (const [name, columns] of scope.sources)
      if (of === undefined || of === name) for (const column of columns) output.add(column);
    return;
  }
  const alias = nameOf(part(expression, "alias")?.alias);
  const name = alias ?? columnOf(expression)?.column;
  if (name !== undefined) output.add(alias === undefined ? name : plain(name));
}

/** Checks every column below a node; queries below it see the scope from outside. */
function checkWithin(value: unknown, scope: Scope, tables: Tables): void {
  if (Array.isArray(value)) {
    for (const item of value) checkWithin(item, scope, tables);
    return;
  }
  if (!isNode(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (!isNode(member) && !Array.isArray(member)) continue;
    if (key === "select" || key === "union") outputOf({ [key]: member }, tables, scope);
    else if (key === "column") checkColumn({ column: member }, scope);
    else if (key === "alias" && nameOf(member) !== undefined) plain(nameOf(member) ?? "");
    else checkWithin(member, scope, tables);
  }
}

function checkColumn(node: Node, scope: Scope): void {
  const named = columnOf(node);
  if (named === undefined) throw new Refused("unsupported_sql", "A column has no name.");
  const { column, of } = named;
  if (column === BUILD)
    throw new Refused("hidden_column", "The query names build. Which build is read is chosen for it.");
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const columns = of === undefined ? [...at.sources.values()] : [at.sources.get(of) ?? new Set<string>()];
    if (columns.some((each) => each.has(column))) return;
  }
  const where = [...scope.sources.keys()].filter((name) => name !== "").join(", ");
  throw new Refused(
    "unknown_column",
    `There is no column ${shown(of === undefined ? column : `${of}.${column}`)} in ${where || "no table"}.`,
  );
}

/** Names come into the query as they are: letters, digits and underscores. */
function plain(name: string): string {
  if (PLAIN.test(name) && name !== BUILD) return name;
  if (name === BUILD) throw new Refused("hidden_column", "The name build is taken. Name it something else.");
  throw new Refused(
    "unsupported_sql",
    `The name ${shown(name)}: names have letters, digits and underscores, 63 at most.`,
  );
}
