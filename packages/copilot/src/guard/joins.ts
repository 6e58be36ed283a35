import { isNode, type Node } from "@penstock/runtime/sql";
import { bare, columnOf, conjuncts, list, nameOf, part, visit } from "./nodes.ts";
import { Refused } from "./refused.ts";

/** Joins in a query, all levels together. */
const MOST_JOINS = 4;

/**
 * Every joined table is tied to the others by an equality of two columns, so that rows do not multiply.
 * @throws {Refused} too_many_joins, cross_join
 */
export function checkJoins(statement: Node): void {
  let joins = 0;
  visit(statement, "from", (from) => {
    if (isNode(from) && list(from.expressions).length > 1)
      throw cross("Tables stand beside each other in FROM");
  });
  visit(statement, "joins", (joined) => {
    for (const join of list(joined)) {
      joins += 1;
      if (isNode(join) && !isTied(join)) throw cross("A join has no equality between columns of its tables");
    }
  });
  if (joins > MOST_JOINS)
    throw new Refused("too_many_joins", `The query joins ${joins + 1} tables; ${MOST_JOINS + 1} at most.`);
}

function cross(what: string): Refused {
  return new Refused("cross_join", `${what}. Join with ON a.column = b.column.`);
}

function isTied(join: Node): boolean {
  if (join.kind === "Cross") return hasOneRow(part(join, "this"));
  const joined = sourceName(part(join, "this"));
  return conjuncts(join.on).some((condition) => {
    const equality = part(condition, "eq");
    const sides = [columnOf(equality?.left)?.of, columnOf(equality?.right)?.of];
    return sides.includes(joined) && sides.every((side) => side !== undefined) && sides[0] !== sides[1];
  });
}

function sourceName(source: Node | undefined): string | undefined {
  const table = part(source, "table") ?? part(source, "subquery");
  return nameOf(table?.alias) ?? nameOf(table?.name);
}

const AGGREGATES = ["avg", "count", "max", "min", "sum"];

/** A subquery of aggregates without groups: beside its one row nothing multiplies. */
function hasOneRow(source: Node | undefined): boolean {
  const select = part(part(part(source, "subquery"), "this"), "select");
  if (select === undefined || select.group_by) return false;
  const columns = list(select.expressions).map((each) => part(each, "alias")?.this ?? each);
  return columns.length > 0 && columns.every((each) => AGGREGATES.some((name) => part(bare(each), name)));
}
