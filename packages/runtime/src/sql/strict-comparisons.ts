import { isNode, type Node } from "./restrictions.ts";

const COMPARISONS = new Set(["eq", "neq", "lt", "lte", "gt", "gte", "between", "in"]);

/**
 * Rewrites a query's comparisons in place so that DuckDB binds them only when Trino would, for the check of types alone:
 * DuckDB makes a date of the text in `day = '2025-01-16'`, and anything equal to a text, where Trino says TYPE_MISMATCH.
 * Texts get their type, and the order is asked for instead of equality. False when there is nothing to compare.
 */
export function makeStrict(value: unknown): boolean {
  if (Array.isArray(value)) return value.map(makeStrict).includes(true);
  if (!isNode(value)) return false;
  let found = false;
  for (const [key, member] of Object.entries(value)) {
    found = makeStrict(member) || found;
    if (!COMPARISONS.has(key) || !isNode(member)) continue;
    found = true;
    const { kind, operands } = ordered(key, typed(member));
    if (kind !== key) Reflect.deleteProperty(value, key);
    Reflect.set(value, kind, operands);
  }
  return found;
}

function ordered(kind: string, operands: Node): { kind: string; operands: Node } {
  if (kind === "eq" || kind === "neq") return { kind: "lt", operands };
  const options: unknown[] = Array.isArray(operands.expressions) ? operands.expressions : [];
  if (kind !== "in" || options.length === 0) return { kind, operands };
  const range = { this: operands.this, low: options[0], high: options.at(-1), not: false };
  return { kind: "between", operands: { ...range, symmetric: null } };
}

function typed(operands: Node): Node {
  return Object.fromEntries(
    Object.entries(operands).map(([key, each]) => [
      key,
      Array.isArray(each) ? each.map(typedText) : typedText(each),
    ]),
  );
}

function typedText(operand: unknown): unknown {
  if (!isNode(operand) || !isNode(operand.literal) || operand.literal.literal_type !== "string")
    return operand;
  const to = { data_type: "var_char", length: null };
  return { cast: { this: operand, to, trailing_comments: [], double_colon_syntax: false } };
}
