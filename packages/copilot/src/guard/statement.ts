import { Dialect, generate, isNode, type Node, parse } from "@penstock/runtime/sql";
import { Refused } from "./refused.ts";

/** A query as it was read: `kind` is the key of the parsed statement, `body` what stands under it. */
export interface Statement {
  readonly kind: "select" | "union";
  readonly body: Node;
  /** The whole parsed statement, which holds the body. */
  readonly root: Node;
}

/** Questions need a tenth of it. Reading time grows with the length. */
const MOST_CHARACTERS = 4000;
/** Deeper than any query of people; a parser may run out of stack some hundreds further. */
const MOST_DEPTH = 40;

/**
 * Reads what a model wrote as one statement that only reads.
 * @throws {Refused} query_too_long, not_sql, several_statements, not_a_select, comment
 */
export function readStatement(sql: string): Statement {
  if (sql.length > MOST_CHARACTERS)
    throw new Refused("query_too_long", `The query has more than ${MOST_CHARACTERS} characters.`);
  if (depthOf(sql) > MOST_DEPTH)
    throw new Refused("query_too_long", `The query has more than ${MOST_DEPTH} parentheses in each other.`);
  const parsed = parse(sql, Dialect.Trino);
  const [root, more] = parsed.success ? parsed.ast : [];
  if (root === undefined) throw new Refused("not_sql", "The query is not SQL of Trino's dialect.");
  if (more !== undefined) throw new Refused("several_statements", "Write one statement, not several.");
  const statement: unknown = structuredClone(root);
  if (!isNode(statement)) throw new Refused("not_sql", "The query is not SQL of Trino's dialect.");
  const [kind = ""] = Object.keys(statement);
  const body = statement[kind];
  if ((kind !== "select" && kind !== "union") || !isNode(body))
    throw new Refused("not_a_select", "The statement does something else than read. Write one SELECT.");
  if (hasComment(statement))
    throw new Refused("comment", "The query has a comment. Write the SELECT without any.");
  return { kind, body, root: statement };
}

/** A parsed statement as Trino's SQL. @throws {Refused} unsupported_sql for what is not written as it was read */
export function written(statement: Node): string {
  const [sql, ...more] = textsOf(generate([statement], Dialect.Trino));
  const again = sql === undefined ? undefined : parse(sql, Dialect.Trino);
  const [back] = again?.success === true ? textsOf(generate(again.ast, Dialect.Trino)) : [];
  // What runs is written from what was checked. Where reading it again gives something else, the two may differ.
  if (sql === undefined || more.length > 0 || back !== sql)
    throw new Refused("unsupported_sql", "The query cannot be written as it was read. Write it more simply.");
  return sql;
}

function textsOf(answer: { readonly sql?: readonly string[] | undefined }): readonly string[] {
  return answer.sql ?? [];
}

function depthOf(sql: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of sql) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The parser keeps comments beside what they stand at. */
function hasComment(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasComment);
  if (!isNode(value)) return false;
  return Object.entries(value).some(
    ([key, member]) =>
      (/comments$/.test(key) && Array.isArray(member) && member.length > 0) || hasComment(member),
  );
}
