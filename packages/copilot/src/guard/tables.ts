import { type MartName, marts } from "@penstock/contracts";
import { isNode, type Node } from "@penstock/runtime/sql";
import { list, nameOf, part, visit } from "./nodes.ts";
import { Refused } from "./refused.ts";
import type { Statement } from "./statement.ts";

/** A common table expression of the query's own. */
export interface OwnTable {
  readonly name: string;
  readonly query: Node;
}

/** What a query reads. */
export interface ReadTables {
  /** In the order in which they are written: each may read those before it. */
  readonly own: readonly OwnTable[];
  /** Marts that stand in it anywhere. */
  readonly marts: readonly MartName[];
}

const PLAIN = /^[a-z_][a-z0-9_]{0,62}$/;
const known = Object.keys(marts).filter(isMart);

export function isMart(name: string): name is MartName {
  return Object.hasOwn(marts, name);
}

/**
 * Which tables a query reads: marts by their bare names and the query's own, nothing else.
 * @throws {Refused} foreign_table, unsupported_sql
 */
export function readTables({ body }: Statement): ReadTables {
  const own: OwnTable[] = [];
  const read = new Set<MartName>();
  const withClause = part(body, "with");
  if (withClause?.recursive === true)
    throw new Refused("unsupported_sql", "The query calls itself (WITH RECURSIVE). Write it without.");
  for (const cte of list(withClause?.ctes)) {
    const name = isNode(cte) ? nameOf(cte.alias) : undefined;
    const query = part(cte, "this");
    if (name === undefined || query === undefined || !PLAIN.test(name))
      throw new Refused("unsupported_sql", "A table in WITH has no plain name.");
    if (isMart(name) || own.some((each) => each.name === name))
      throw new Refused(
        "foreign_table",
        `WITH gives the name ${name} a second meaning. Name it something else.`,
      );
    readFrom(query, own, read);
    own.push({ name, query });
  }
  const { with: _, ...rest } = body;
  readFrom(rest, own, read);
  return { own, marts: [...read] };
}

/** Notes the marts below a node. `own`: what may be read besides. */
function readFrom(query: Node, own: readonly OwnTable[], read: Set<MartName>): void {
  visit(query, "with", () => {
    throw new Refused("unsupported_sql", "WITH stands within the query. Write it at the beginning.");
  });
  for (const key of ["from", "joins"]) visit(query, key, (clause) => readClause(clause));
  visit(query, "table", (table) => {
    // The table of a column is an identifier and has no parts.
    if (!isNode(table) || !("schema" in table)) return;
    const name = nameOf(table.name) ?? "";
    const path = [table.catalog, table.schema].map(nameOf).filter((each) => each !== undefined);
    if (path.length > 0) throw foreign([...path, name].join("."));
    if (isMart(name)) read.add(name);
    else if (!own.some((each) => each.name === name)) throw foreign(name);
    const alias = nameOf(table.alias);
    if (alias !== undefined && alias !== name && (isMart(alias) || own.some((each) => each.name === alias)))
      throw new Refused("foreign_table", `${alias} is the name of a table and cannot stand for ${name}.`);
  });
}

/** FROM and JOIN name tables or hold subqueries: no functions, no lists of values. */
function readClause(clause: unknown): void {
  const sources = Array.isArray(clause) ? clause.map((join) => part(join, "this")) : sourcesIn(clause);
  for (const source of sources) {
    const [kind = "nothing"] = Object.keys(source ?? {});
    if (kind === "table" || kind === "subquery") continue;
    const called = nameOf(part(source, "function")) ?? nameOf(part(part(source, "alias")?.this, "function"));
    throw foreign(called === undefined ? `something that is no table (${kind})` : `the function ${called}`);
  }
}

function sourcesIn(from: unknown): readonly (Node | undefined)[] {
  return isNode(from) ? list(from.expressions).filter(isNode) : [];
}

function foreign(what: string): Refused {
  return new Refused(
    "foreign_table",
    `The query reads ${shown(what)}. It may read ${known.join(", ")} by these names only.`,
  );
}

/** What a model wrote, short and on one line. */
export function shown(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
