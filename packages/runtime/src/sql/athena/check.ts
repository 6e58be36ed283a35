import { UnsupportedSql } from "../../errors.ts";
import { judged } from "../lint.ts";
import { isNode, type Node } from "../restrictions.ts";
import { tokensOf } from "../tokens.ts";
import { FOREIGN } from "./functions.ts";
import { ATHENA } from "./language.ts";
import { list, nameOf } from "./nodes.ts";
import { refusalOf } from "./refusal-words.ts";

/**
 * Checks that a parsed query has only what runs here with Trino's meaning. @throws UnsupportedSql naming what else it has
 * @param source the query, as its author wrote it
 */
export function checkQuery(query: unknown, source: string): void {
  const tokens = tokensOf(source);
  for (const [at, { text, type }] of tokens.entries()) {
    const called = type !== "STRING" && tokens[at + 1]?.text === "(";
    if (called && FOREIGN.has(text.toLowerCase()))
      throw new UnsupportedSql(`the function ${text.toLowerCase()}, which Trino does not have`);
  }
  const words = tokens.map(({ text }) => text.toUpperCase());
  if (words.some((word, at) => word === "LIMIT" && words[at + 2] === ","))
    throw new UnsupportedSql("LIMIT with two numbers; write OFFSET before LIMIT");
  for (const kind of ["ALL", "DISTINCT", "AUTO"])
    if (words.some((word, at) => word === "GROUP" && words[at + 1] === "BY" && words[at + 2] === kind))
      throw new UnsupportedSql(`GROUP BY ${kind}: not supported by the local Athena`);
  const { problems } = judged(query, ATHENA);
  if (problems.size > 0) throw new UnsupportedSql(refusalOf(problems, source));
  through(query);
}

/** @param intervals whether an INTERVAL may stand here */
function through(value: unknown, intervals = false): void {
  if (Array.isArray(value)) {
    for (const item of value) through(item, intervals);
    return;
  }
  if (!isNode(value)) return;
  if (isNode(value.select)) checkUsing(value.select);
  if (isNode(value.interval)) {
    if (intervals) return;
    throw new UnsupportedSql("INTERVAL elsewhere than beside + or -: not supported by the local Athena");
  }
  for (const [key, member] of Object.entries(value)) {
    if (key === "add" || key === "sub") {
      through(Object(member).left, true);
      through(Object(member).right, true);
    } else if (key === "function" && nameOf(member) === "sequence") through(Object(member).args, true);
    else through(member, key === "Preceding" || key === "Following");
  }
}

/** Trino has the columns of USING under no table's name. */
function checkUsing(select: Node): void {
  const names = usingOf(select);
  if (names.size === 0) return;
  const { with: _, from: __, ...own } = select;
  for (const name of qualifiedIn(own))
    if (names.has(name))
      throw new UnsupportedSql(
        `a table's name before ${name}, which USING (${name}) takes away; write ${name} alone`,
      );
  if (list(select.expressions).some((each) => isNode(Object(Object(each).star).table)))
    throw new UnsupportedSql("table.* over JOIN … USING; name the columns");
}

/** The columns by which a SELECT joins with USING. */
export function usingOf(select: Node): ReadonlySet<string> {
  return new Set(
    list(select.joins)
      .toReversed()
      .flatMap((join) => list(Object(join).using).map(nameOf)),
  );
}

function qualifiedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(qualifiedIn);
  if (!isNode(value) || isNode(value.select)) return [];
  if (isNode(value.column)) return isNode(value.column.table) ? [nameOf(value.column.name)] : [];
  return Object.values(value).flatMap(qualifiedIn);
}
