import { UnsupportedSql } from "../errors.ts";
import { isNode } from "./restrictions.ts";
import { tokensOf } from "./tokens.ts";
import { Dialect, generate, parse } from "./transpiler.ts";

/** A statement has other parameters than values were given. */
export class ParameterMismatch extends Error {
  override readonly name = "ParameterMismatch";
}

/**
 * Puts values where a statement has `?`. A value is one literal as SQL writes it (`5`, `-1`, `'it''s'`, `true`,
 * `DATE '2025-01-16'`, `NULL`): it is read as one and written anew, so that it cannot be anything else.
 * @throws UnsupportedSql for a value that is no literal, {@link ParameterMismatch}
 */
export function bindParameters(sql: string, values: readonly string[]): string {
  const places = tokensOf(sql).filter(({ type }) => type === "PARAMETER" || type === "PLACEHOLDER");
  if (places.length !== values.length) {
    throw new ParameterMismatch(
      `Incorrect number of parameters: expected ${places.length} but found ${values.length}`,
    );
  }
  const characters = [...sql];
  let from = 0;
  let bound = "";
  for (const [at, { span }] of places.entries()) {
    bound += characters.slice(from, span.start).join("") + literal(values[at] ?? "", at);
    from = span.end;
  }
  return bound + characters.slice(from).join("");
}

function literal(value: string, at: number): string {
  const parsed = parse(`SELECT ${value}`, Dialect.Trino);
  const statements: readonly unknown[] = parsed.success ? parsed.ast : [];
  const [query] = statements;
  const select = isNode(query) && isNode(query.select) ? query.select : undefined;
  const [expression, ...others]: unknown[] = Array.isArray(select?.expressions) ? select.expressions : [];
  const alone = statements.length === 1 && others.length === 0 && !select?.from && !select?.where_clause;
  if (!alone || !isLiteral(expression)) {
    throw new UnsupportedSql(
      `parameter ${at + 1} of the query, which is no literal; texts stand in single quotes`,
    );
  }
  const written = generate(parsed.ast, Dialect.Trino).sql?.[0];
  // Only the literal may have come of it.
  if (written === undefined || !written.startsWith("SELECT "))
    throw new UnsupportedSql(`parameter ${at + 1}, which cannot be written`);
  return written.slice("SELECT ".length);
}

function isLiteral(value: unknown): boolean {
  if (!isNode(value)) return false;
  const [kind, ...more] = Object.keys(value);
  if (kind === undefined || more.length > 0) return false;
  if (kind === "neg") {
    const inner = value.neg;
    return isNode(inner) && isNode(inner.this) && Object.keys(inner.this).join() === "literal";
  }
  return kind === "literal" || kind === "boolean" || kind === "null";
}
