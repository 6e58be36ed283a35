/** The package must say: a value is not of the plain kind for which the answer is certain. */
export const unsure: unique symbol = Symbol("unsure");

/** The value of an expression under these variables, or `unsure`. */
export type Direct = (variables: Readonly<Record<string, unknown>>) => unknown;

/** A node of the package's syntax tree. */
type Node = Readonly<Record<string, unknown>>;

/** The keys of the nodes that are understood. Any other (`stages`, `group`, `keepArray` …) changes the meaning. */
const keysOf = new Map([
  ["number", ["value"]],
  ["string", ["value"]],
  ["value", ["value"]],
  ["variable", ["value"]],
  ["name", ["value"]],
  ["path", ["steps"]],
  ["block", ["expressions"]],
  ["condition", ["condition", "then", "else"]],
  ["binary", ["value", "lhs", "rhs"]],
]);
const everywhere = ["type", "position", "line"];

/**
 * A way to the value of an expression past the package, in which every node of the tree is several promises: for
 * expressions that name a value (`$states.input.order.id`), and compare, calculate with or choose between such. It is
 * certain of plain values only: objects on the way, numbers to calculate with. Of anything else, what is absent and
 * lists above all, it is `unsure`, and the package is asked.
 * @returns undefined for all other expressions
 */
export function directEvaluation(tree: unknown): Direct | undefined {
  const node = understood(tree);
  if (node === undefined) return undefined;
  const { type, value } = node;
  if (type === "number" || type === "string" || type === "value") return () => value;
  if (type === "variable") return typeof value === "string" ? (all) => member(all, value) : undefined;
  if (type === "path") return path(listOf(node.steps));
  if (type === "condition") return condition(node);
  if (type === "binary") return binary(value, directEvaluation(node.lhs), directEvaluation(node.rhs));
  if (type === "block") {
    const [only, ...more] = listOf(node.expressions);
    return more.length === 0 ? directEvaluation(only) : undefined;
  }
  return undefined;
}

function understood(tree: unknown): Node | undefined {
  if (typeof tree !== "object" || tree === null) return undefined;
  const node: Node = Object.fromEntries(Object.entries(tree));
  const keys = keysOf.get(String(node.type));
  return keys !== undefined &&
    Object.keys(node).every((key) => keys.includes(key) || everywhere.includes(key))
    ? node
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function member(of: object, name: string): unknown {
  const value: unknown = Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined;
  return value === undefined || typeof value === "function" ? unsure : value;
}

/** A variable, and names of members from there. */
function path([first, ...steps]: readonly unknown[]): Direct | undefined {
  if (understood(first)?.type !== "variable") return undefined;
  const start = directEvaluation(first);
  const names: string[] = [];
  for (const step of steps) {
    const node = understood(step);
    if (node?.type !== "name" || typeof node.value !== "string") return undefined;
    names.push(node.value);
  }
  if (start === undefined) return undefined;
  return (variables) => {
    let value = start(variables);
    for (const name of names) {
      // `unsure` is no object either. In lists names mean every item.
      if (typeof value !== "object" || value === null || Array.isArray(value)) return unsure;
      value = member(value, name);
    }
    return value;
  };
}

function condition(node: Node): Direct | undefined {
  const [test, yes, no] = [node.condition, node.then, node.else].map(directEvaluation);
  if (test === undefined || yes === undefined || no === undefined) return undefined;
  return (variables) => {
    const found = test(variables);
    return typeof found === "boolean" ? (found ? yes(variables) : no(variables)) : unsure;
  };
}

type Operation<T> = (left: T, right: T) => unknown;

const withNumbers = new Map<unknown, Operation<number>>([
  ["+", (left, right) => finite(left + right)],
  ["-", (left, right) => finite(left - right)],
  ["*", (left, right) => finite(left * right)],
  ["/", (left, right) => finite(left / right)],
  ["%", (left, right) => finite(left % right)],
  ["<", (left, right) => left < right],
  ["<=", (left, right) => left <= right],
  [">", (left, right) => left > right],
  [">=", (left, right) => left >= right],
]);
const withTexts = new Map<unknown, Operation<string>>([
  ["&", (left, right) => left + right],
  ["<", (left, right) => left < right],
  ["<=", (left, right) => left <= right],
  [">", (left, right) => left > right],
  [">=", (left, right) => left >= right],
]);
const withAny = new Map<unknown, Operation<unknown>>([
  ["=", (left, right) => left === right],
  ["!=", (left, right) => left !== right],
]);
const simple = new Set(["number", "string", "boolean"]);

function finite(value: number): unknown {
  return Number.isFinite(value) ? value : unsure;
}

function binary(operator: unknown, left: Direct | undefined, right: Direct | undefined): Direct | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === "and" || operator === "or") {
    const decisive = operator === "or";
    return (variables) => {
      const first = left(variables);
      if (typeof first !== "boolean" || first === decisive)
        return typeof first === "boolean" ? first : unsure;
      const second = right(variables);
      return typeof second === "boolean" ? second : unsure;
    };
  }
  const ofNumbers = withNumbers.get(operator);
  const ofTexts = withTexts.get(operator);
  const ofAny = withAny.get(operator);
  if (ofNumbers === undefined && ofTexts === undefined && ofAny === undefined) return undefined;
  return (variables) => {
    const one = left(variables);
    const other = right(variables);
    if (ofAny !== undefined) {
      return simple.has(typeof one) && simple.has(typeof other) ? ofAny(one, other) : unsure;
    }
    if (ofNumbers !== undefined && typeof one === "number" && typeof other === "number") {
      return ofNumbers(one, other);
    }
    if (ofTexts !== undefined && typeof one === "string" && typeof other === "string") {
      return ofTexts(one, other);
    }
    return unsure;
  };
}
