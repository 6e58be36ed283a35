import { isNode, type Node } from "../restrictions.ts";

/** The operand without its parentheses. */
export function operand(value: unknown): unknown {
  return isNode(value) && isNode(value.paren) ? operand(value.paren.this) : value;
}

/** The text of a character literal; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  const { literal } = Object(value);
  return isNode(literal) && literal.literal_type === "string" ? String(literal.value) : undefined;
}

/** The digits of a literal number of this form; undefined for anything else. */
export function numberOf(value: unknown, form: RegExp): string | undefined {
  const { literal } = Object(value);
  if (!isNode(literal) || literal.literal_type !== "number") return undefined;
  const text = String(literal.value);
  return form.test(text) ? text : undefined;
}

/** A list of nodes; empty for what is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An identifier's name in lower case, as Trino folds it. */
export function nameOf(identifier: unknown): string {
  return String(Object(identifier).name).toLowerCase();
}

/** A whole number. */
export function whole(value: number): Node {
  const digits = { literal: { literal_type: "number", value: String(Math.abs(value)) } };
  return value < 0 ? { paren: { this: { neg: { this: digits } } } } : digits;
}

/** A character literal. */
export function literalText(value: string): Node {
  return { literal: { literal_type: "string", value } };
}

/** A call of a function by its name. */
export function call(name: string, args: readonly unknown[]): Node {
  const flags = { distinct: false, use_bracket_syntax: false, no_parens: false, quoted: false };
  return { function: { ...flags, name, args, trailing_comments: [] } };
}

/** An aggregate over some of the rows. */
export function aggregate(
  name: string,
  args: readonly unknown[],
  { distinct = false, filter = null }: Node,
): Node {
  return {
    aggregate_function: { name, args, distinct, filter, order_by: [], limit: null, ignore_nulls: null },
  };
}

/** count of what has a value. */
export function counted(of: unknown, { distinct = false, filter = null }: Node): Node {
  return { count: { this: of, star: false, distinct, filter, ignore_nulls: null, original_name: "count" } };
}
