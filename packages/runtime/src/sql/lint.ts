import { UnsupportedSql } from "../errors.ts";
import { remembered } from "./remembered.ts";
import { isNode, type Node, type Restriction, restrictions } from "./restrictions.ts";
import { CONSTRUCTS, FLAGS, PARTS, TEXTS, WORDS } from "./subset.ts";
import { Dialect, parse } from "./transpiler.ts";

/** What a query of the subset is made of. */
export interface Linted {
  /** Constructs, and functions by name. */
  readonly constructs: ReadonlySet<string>;
  /** Tables and views that it reads, as often as it names them; what it names by WITH is among them. */
  readonly tables: readonly string[];
}

/** What a query may be made of: names of the parsed query, of each kind. */
export interface Rules {
  readonly constructs: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  readonly words: Readonly<Record<string, ReadonlySet<string>>>;
  readonly texts: ReadonlySet<string>;
  readonly restrictions: Readonly<Record<string, Restriction>>;
}

/** What means the same on every engine. */
const SUBSET: Rules = {
  constructs: CONSTRUCTS,
  parts: PARTS,
  flags: FLAGS,
  words: WORDS,
  texts: TEXTS,
  restrictions,
};

/** Where the parser puts positions and comments. */
const REMARKS = /^(span|.*comments)$/;

/**
 * Checks that a query keeps to the subset (`subset.ts`): every construct, switch and word of the parsed query must be
 * listed. Throws {@link UnsupportedSql} naming all that are foreign.
 */
export const lint: (trinoSql: string) => Linted = remembered((trinoSql) => {
  const parsed = parse(trinoSql, Dialect.Trino);
  if (!parsed.success) throw new UnsupportedSql(`not SQL: ${parsed.error}; in: ${excerpt(trinoSql)}`);
  const [query] = parsed.ast;
  if (query === undefined || parsed.ast.length > 1)
    throw new UnsupportedSql(`more than one statement; in: ${excerpt(trinoSql)}`);
  const { constructs, problems, tables } = judged(query, SUBSET);
  if (problems.size > 0) {
    throw new UnsupportedSql(
      `outside the subset that means the same on every engine: ${[...problems].join("; ")}; in: ${excerpt(trinoSql)}`,
    );
  }
  return { constructs, tables };
});

/** A parsed query held against rules; what is foreign to them is among its problems. */
export function judged(query: unknown, rules: Rules): Found {
  const found: Found = { constructs: new Set(), problems: new Set(), tables: [] };
  walk(query, found, rules);
  return found;
}

/** What is found on the way through a parsed query. */
interface Found {
  readonly constructs: Set<string>;
  readonly problems: Set<string>;
  readonly tables: string[];
}

function walk(value: unknown, found: Found, rules: Rules, parent?: Node): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, found, rules, parent);
    return;
  }
  if (!isNode(value)) return;
  const keys = Object.keys(value);
  for (const key of keys) {
    if (REMARKS.test(key)) continue;
    const problem = problemOf(key, value[key], keys.length === 1, rules, parent);
    if (problem !== undefined) found.problems.add(problem);
    if (rules.constructs.has(key) && (keys.length === 1 || isPresent(value[key]))) {
      found.constructs.add(key === "function" ? functionName(value[key]) : key);
    }
    const table = key === "table" ? tableName(value[key]) : undefined;
    if (table !== undefined) found.tables.push(table);
    walk(value[key], found, rules, value);
  }
}

/** `alone`: the only key of its node names the node's construct, even when it has no operands, as `null` has none. */
function problemOf(
  key: string,
  value: unknown,
  alone: boolean,
  rules: Rules,
  parent: Node | undefined,
): string | undefined {
  if (!alone && !isPresent(value)) return undefined;
  if (value === true) return rules.flags.has(key) ? undefined : key;
  if (typeof value === "string") {
    const words = rules.words[key];
    if (words !== undefined) return words.has(value) ? undefined : `${key} ${value}`;
    return rules.texts.has(key) || value === "" ? undefined : `${key} ${value}`;
  }
  if (typeof value === "number" || value === false) return undefined;
  if (!rules.constructs.has(key) && !rules.parts.has(key)) return key;
  return isNode(value) ? rules.restrictions[key]?.(value, parent) : undefined;
}

/** The parser writes absent clauses as null, false, "" or an empty list. */
function isPresent(value: unknown): boolean {
  return (
    value !== null && value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
  );
}

function functionName(node: unknown): string {
  return isNode(node) ? String(node.name).toLowerCase() : "function";
}

/** The name of a table that is read; undefined for the qualifier of a column. */
function tableName(node: unknown): string | undefined {
  return isNode(node) && isNode(node.name) ? String(node.name.name) : undefined;
}

function excerpt(sql: string): string {
  return sql.length > 300 ? `${sql.slice(0, 300)}…` : sql;
}
