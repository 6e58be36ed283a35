import { type SqlToken, sqlTokens } from "./sql-tokens.ts";
import { FUNCTIONS, KEYWORDS } from "./sql-words.ts";

/** A query without anything of whoever wrote it. */
export interface SqlPattern {
  readonly pattern: string;
  /** Known tables that it names, sorted. */
  readonly tables: readonly string[];
  /** It begins by binding tables to a build (`WITH sales AS (… WHERE build = '…')`), as the copilot's queries do. */
  readonly isBound: boolean;
}

/** Names that may stand in a report, in lower case. */
export interface KnownNames {
  readonly tables: ReadonlySet<string>;
  /** Of columns and databases. */
  readonly others: ReadonlySet<string>;
}

/** A longer pattern is cut: it has to be read by somebody. */
const LONGEST = 2_000;

/**
 * What a query asks, without the values that it asks for: literals are `?` (a list of them is one), words of SQL in
 * capitals, white space and comments alike, tables not bound to a build. Names that are neither SQL's nor known are
 * aliases or slips, and might be a person's: they become `x1`, `x2`, … in the order in which they appear, so that
 * queries which differ in their aliases only are one pattern.
 *
 * Works on tokens, not on a parsed query, since queries that failed count as well.
 */
export function sqlPattern(sql: string, known: KnownNames): SqlPattern {
  const all = sqlTokens(sql);
  const tokens = withoutBinding(all, known);
  const aliases = new Map<string, string>();
  const pieces = tokens.map((token) => written(token, known, aliases));
  while (pieces.at(-1) === ";") pieces.pop();
  const pattern = joined(withoutLists(pieces));
  const tables = tokens.filter(({ kind, text }) => isName(kind) && known.tables.has(text));
  return {
    pattern: pattern.length > LONGEST ? `${pattern.slice(0, LONGEST)}…` : pattern,
    tables: [...new Set(tables.map(({ text }) => text))].sort(),
    isBound: tokens.length < all.length,
  };
}

function isName(kind: SqlToken["kind"]): boolean {
  return kind === "word" || kind === "quoted";
}

function written({ kind, text }: SqlToken, known: KnownNames, aliases: Map<string, string>): string {
  if (kind === "value") return "?";
  // What is no sign of SQL could be a letter of a name.
  if (kind === "sign") return /^[!-~]+$/.test(text) ? text : "?";
  if (known.tables.has(text) || known.others.has(text)) return text;
  if (kind === "word" && KEYWORDS.has(text)) return text.toUpperCase();
  if (kind === "word" && FUNCTIONS.has(text)) return text;
  const alias = aliases.get(text) ?? `x${aliases.size + 1}`;
  aliases.set(text, alias);
  return alias;
}

/** Takes off the common table expressions at the start that only bind a known table to a build. */
function withoutBinding(tokens: readonly SqlToken[], { tables }: KnownNames): readonly SqlToken[] {
  if (!isWord(tokens[0], "with")) return tokens;
  let start = 1;
  while (tables.has(tokens[start]?.text ?? "") && isWord(tokens[start + 1], "as")) {
    const end = closing(tokens, start + 2);
    const [where, build, equals, value] = tokens.slice(end - 4, end);
    const binds =
      isWord(where, "where") && build?.text === "build" && equals?.text === "=" && value?.kind === "value";
    if (!binds) break;
    if (tokens[end + 1]?.text !== ",") return tokens.slice(end + 1);
    start = end + 2;
  }
  return start === 1 ? tokens : [...tokens.slice(0, 1), ...tokens.slice(start)];
}

/** Place of the bracket that closes the one at `open`; the end of the tokens when none does. */
function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.kind !== "sign") continue;
    if (tokens[at]?.text === "(") depth++;
    if (tokens[at]?.text === ")") depth--;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === "word" && token.text === word;
}

/** `?, ?, ?` as `?`: how many values a list has does not make it another query. */
function withoutLists(pieces: readonly string[]): string[] {
  const kept: string[] = [];
  for (const piece of pieces) {
    kept.push(piece);
    if (kept.slice(-3).join(" ") === "? , ?") kept.splice(-2);
  }
  return kept;
}

function joined(pieces: readonly string[]): string {
  return pieces.reduce((text, piece, i) => {
    const before = pieces[i - 1];
    const close =
      before === undefined ||
      [",", ")", "]", ".", ";"].includes(piece) ||
      ["(", "[", "."].includes(before) ||
      (piece === "(" && FUNCTIONS.has(before));
    return close ? `${text}${piece}` : `${text} ${piece}`;
  }, "");
}
