import { isNode, type Node } from "../restrictions.ts";
import { tokensOf } from "../tokens.ts";
import { list, nameOf } from "./nodes.ts";

/**
 * The query with each `DECIMAL '1.25'` as the number that it is, at its place: the parser makes of it a CAST to DECIMAL,
 * which has no digits behind the point.
 */
export function plainDecimals(source: string): string {
  const tokens = tokensOf(source);
  const characters = [...source];
  for (const [at, { text, span }] of tokens.entries()) {
    const next = tokens[at + 1];
    if (text.toUpperCase() !== "DECIMAL" || next?.type !== "STRING") continue;
    const number = next.text.trim();
    if (!/^[0-9]+(\.[0-9]*)?$|^\.[0-9]+$/.test(number)) continue;
    const written = [...number.padStart(next.span.end - span.start)];
    characters.splice(span.start, written.length, ...written);
  }
  return characters.join("");
}

/** Writes `database.table.column` in place as `table.column`, where the query reads that table under its own name. */
export function shortenColumns(query: unknown): void {
  const tables = new Set<string>();
  tablesIn(query, tables);
  shorten(query, tables);
}

function tablesIn(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) tablesIn(item, found);
    return;
  }
  if (!isNode(value)) return;
  const { table } = value;
  if (isNode(table) && isNode(table.name) && isNode(table.schema) && table.alias === null)
    found.add(`${nameOf(table.schema)}.${nameOf(table.name)}`);
  for (const member of Object.values(value)) tablesIn(member, found);
}

function shorten(value: unknown, tables: ReadonlySet<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) shorten(item, tables);
    return;
  }
  if (!isNode(value)) return;
  const column = columnOf(value.dot, tables);
  if (column !== undefined) {
    Reflect.deleteProperty(value, "dot");
    Object.assign(value, { column });
    return;
  }
  for (const member of Object.values(value)) shorten(member, tables);
}

function columnOf(dot: unknown, tables: ReadonlySet<string>): Node | undefined {
  if (!isNode(dot)) return undefined;
  const names = namesIn({ dot });
  const [column, table, database, catalog = { name: "awsdatacatalog" }, ...more] = names.toReversed();
  if (database === undefined || more.length > 0 || nameOf(catalog) !== "awsdatacatalog") return undefined;
  if (!tables.has(`${nameOf(database)}.${nameOf(table)}`)) return undefined;
  return { name: column, table, join_mark: false, trailing_comments: [] };
}

/** The identifiers of `a.b.c`, from the left. */
function namesIn(node: unknown): unknown[] {
  const { dot, column } = Object(node);
  if (isNode(dot)) return [...namesIn(dot.this), dot.field];
  if (!isNode(column)) return [];
  return list([column.table, column.name]).filter(isNode);
}
