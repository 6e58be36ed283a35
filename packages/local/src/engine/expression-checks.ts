import jsonata from "jsonata";
import { SyntaxProblem } from "./expression.ts";

/**
 * What a field's expressions may see of `$states` beside `input` and `context`: the result of a Task, Parallel or Map in
 * its Output and Assign, the error output in those of a catcher.
 */
export type Sees = "input" | "result" | "errorOutput";

type Node = Readonly<Record<string, unknown>>;

/**
 * What AWS refuses in an expression that parses, in its words: an expression has no context item, so a name, `$` or `$$`
 * at its top level reads nothing; and `$states` has not every member everywhere.
 * @throws SyntaxProblem for an operator that came after JSONata 2.0.6, which Step Functions runs (the package is newer)
 */
export function unsupportedIn(source: string, sees: Sees): readonly string[] {
  const problems = new Set<string>();
  const refer = (name: string) =>
    problems.add(
      name === "$$"
        ? "Reference to '$$' is not supported."
        : `Reference to '${name}' at the top level is not supported.`,
    );
  walk(jsonata(source).ast(), true, (node, top) => {
    const operator = newOperator(node);
    if (operator !== undefined)
      throw new SyntaxProblem(`The operator "${operator}" is newer than JSONata 2.0.6`);
    const { type, value } = node;
    if (type === "variable" && value === "$") refer("$$");
    if (top && type === "variable" && value === "") refer("$");
    if (top && type === "name") refer(String(value));
    const member = memberOfStates(node);
    if ((member === "result" || member === "errorOutput") && member !== sees)
      problems.add(`Field '$states.${member}' does not exist.`);
  });
  return [...problems];
}

/**
 * Calls back for every part of an expression. `top` is whether a name in it would be looked up in the context item of
 * the whole: so are the first step of a path and the body of a function, but not what follows in a path.
 */
function walk(value: unknown, top: boolean, visit: (node: Node, top: boolean) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, top, visit);
    return;
  }
  if (!isNode(value)) return;
  visit(value, top);
  for (const [key, member] of Object.entries(value)) {
    // Parameters of a function, and the variable that is bound, are names of their own.
    if (value.type === "lambda" && key === "arguments") continue;
    if (key === "steps" && Array.isArray(member)) {
      for (const [at, step] of member.entries()) walk(step, top && at === 0, visit);
    } else walk(member, top && !inner.has(key) && value.type !== "transform", visit);
  }
}

/** Parts that are evaluated for the values that something else yields. */
const inner: ReadonlySet<string> = new Set(["predicate", "stages", "group", "terms", "nextFunction"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

/** `result` for a path that begins with `$states.result`. */
function memberOfStates({ type, steps }: Node): unknown {
  if (type !== "path" || !Array.isArray(steps)) return undefined;
  const [first, second]: unknown[] = steps;
  if (!isNode(first) || first.type !== "variable" || first.value !== "states") return undefined;
  return isNode(second) && second.type === "name" ? second.value : undefined;
}

/** Both new operators are parsed into conditions, with parts that no source text has. */
function newOperator({ type, condition, then }: Node): "??" | "?:" | undefined {
  if (type !== "condition" || !isNode(condition)) return undefined;
  const { procedure } = condition;
  if (isNode(procedure) && procedure.value === "exists" && procedure.position === undefined) return "??";
  return JSON.stringify(condition) === JSON.stringify(then) ? "?:" : undefined;
}
