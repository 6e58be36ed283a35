import { Dialect, isNode, type Node, parse } from "@penstock/runtime/sql";
import { list, part } from "./nodes.ts";
import { Refused } from "./refused.ts";
import type { Statement } from "./statement.ts";

/** A statement without what may only stand at its end. */
export interface WithoutEnd {
  readonly bare: Node;
  /** Rows that the query itself asks for; undefined for all. */
  readonly limit: number | undefined;
}

/**
 * Takes ORDER BY and LIMIT off the end.
 * @throws {Refused} unsupported_sql for an order by something else than columns and positions, a limit that is no number
 */
export function withoutEnd({ kind, body }: Statement): WithoutEnd {
  for (const each of list(part(body, "order_by")?.expressions)) {
    const by = isNode(each) ? each.this : undefined;
    if (part(by, "column") === undefined && numberOf(by) === undefined)
      throw new Refused("unsupported_sql", "ORDER BY something else than columns. Give the column a name.");
  }
  const { limit } = body;
  const count = numberOf(part(limit, "this") ?? limit);
  if (limit && count === undefined)
    throw new Refused("unsupported_sql", "LIMIT by something else than a number.");
  return { bare: { [kind]: { ...body, order_by: null, limit: null } }, limit: count };
}

/** The statement with a limit of rows in place of its own. */
export function withLimit({ kind, body }: Statement, rows: number): Node {
  const select = `SELECT 1 AS a${kind === "union" ? " UNION ALL SELECT 1 AS a" : ""} LIMIT ${rows}`;
  const parsed = parse(select, Dialect.Trino);
  const [example] = parsed.success ? parsed.ast : [];
  const limit = part(example, kind)?.limit;
  if (!isNode(limit)) throw new Error("the parser no longer reads LIMIT where it did");
  return { [kind]: { ...body, limit: structuredClone(limit) } };
}

function numberOf(value: unknown): number | undefined {
  const literal = part(value, "literal");
  const number = literal?.literal_type === "number" ? Number(literal.value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
