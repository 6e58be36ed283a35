import jsonata from "jsonata";
import { SyntaxProblem } from "./expression.ts";

/**
 * What a field's expressions may see of `$states` beside `input` and `context`: the result of a Task, Parallel or Map in
 * its Output and Assign, the error output in those of a catcher.
 */
export type Sees = "input" | "result" | "errorOutput";

const places: Readonly<Record<Exclude<Sees, "input">, string>> = {
  result: "the Output and Assign of a Task, Parallel or Map state",
  errorOutput: "the Output and Assign of a catcher",
};

/**
 * Checks of an expression that AWS makes when the machine is created: members of `$states` that are not there, and
 * operators that came after JSONata 2.0.6, which Step Functions runs (the package here is newer).
 * @throws SyntaxProblem
 */
export function checkExpression(source: string, sees: Sees): void {
  walk(jsonata(source).ast(), (node) => {
    const operator = newOperator(node);
    if (operator !== undefined) {
      throw new SyntaxProblem(
        `The operator '${operator}' is not in JSONata 2.0.6, which Step Functions runs`,
      );
    }
    const member = memberOfStates(node);
    if ((member === "result" || member === "errorOutput") && member !== sees) {
      throw new SyntaxProblem(`'$states.${member}' is only accessible in ${places[member]}`);
    }
  });
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (!isNode(node)) return;
  visit(node);
  for (const child of Object.values(node)) walk(child, visit);
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
