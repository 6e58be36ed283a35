import { unsure } from "./direct-evaluation.ts";
import {
  compileExpression,
  EvaluationProblem,
  type Expression,
  expressionSource,
  SyntaxProblem,
  setMember,
} from "./expression.ts";
import { type Sees, unsupportedIn } from "./expression-checks.ts";
import { exceedsPayloadLimit } from "./payload.ts";

/** A field's value: JSON in which any string may be an expression. Parts without one are never rebuilt. */
export interface Template {
  /** True when there is no expression in it; then `value` is the result of every evaluation. */
  readonly constant: boolean;
  readonly value: unknown;
  /** True for a constant over the payload quota. */
  readonly tooLarge: boolean;
  /** The result where it is certain at once; `unsure` where it must be evaluated. */
  direct(frame: Frame): unknown;
  /** @throws EvaluationError naming the place of the failed expression */
  evaluate(frame: Frame): Promise<unknown>;
}

/** What an expression sees: variables, `$states`, and the time if it asks for it. */
export interface Frame {
  bindings(expression: Expression): Readonly<Record<string, unknown>>;
}

/** An expression failed; `location` is the field as AWS names it (`Output/result`), absent when there is none. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
  readonly location: string | undefined;

  constructor(message: string, location?: string) {
    super(message);
    this.location = location;
  }
}

/** An expression that AWS would refuse when the machine is created; `location` as in EvaluationError. */
export interface TemplateProblem {
  readonly code: "INVALID_JSONATA_EXPRESSION" | "UNSUPPORTED_JSONATA_EXPRESSION";
  readonly message: string;
  readonly location: string;
}

type Node =
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "expression"; readonly expression: Expression; readonly location: string }
  | { readonly kind: "array"; readonly items: readonly Node[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Node])[] };

/** What AWS would refuse in it is handed to `refuse`, and reading goes on; such a template never runs. */
export function compileTemplate(
  value: unknown,
  location: string,
  sees: Sees = "input",
  refuse: (problem: TemplateProblem) => void = unexpected,
): Template {
  const node = compileNode(value, { location, sees, refuse });
  const constant = node.kind === "constant";
  return {
    constant,
    value: constant ? value : undefined,
    tooLarge: constant && exceedsPayloadLimit(value),
    direct: (frame) => directValue(node, frame),
    evaluate: (frame) => evaluateNode(node, frame),
  };
}

function unexpected({ message, location }: TemplateProblem): never {
  throw new SyntaxProblem(`${message} in ${location}`);
}

interface Place {
  readonly location: string;
  readonly sees: Sees;
  readonly refuse: (problem: TemplateProblem) => void;
}

function compileNode(value: unknown, place: Place): Node {
  if (typeof value === "string") {
    const source = expressionSource(value);
    if (source !== undefined) return compileSource(source, place);
    // A space before and after the brackets makes it text, as recorded; one bracket alone is a slip.
    if (value.startsWith("{%") !== value.endsWith("%}")) {
      const message = "A JSONata expression must start with '{%' and end with '%}'";
      place.refuse({ code: "INVALID_JSONATA_EXPRESSION", message, location: place.location });
    }
    return { kind: "constant", value };
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) =>
      compileNode(item, { ...place, location: `${place.location}[${index}]` }),
    );
    return items.every((item) => item.kind === "constant")
      ? { kind: "constant", value }
      : { kind: "array", items };
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) =>
        [key, compileNode(member, { ...place, location: `${place.location}/${key}` })] as const,
    );
    if (members.every(([, member]) => member.kind === "constant")) return { kind: "constant", value };
    return { kind: "object", members };
  }
  return { kind: "constant", value };
}

function compileSource(source: string, { location, sees, refuse }: Place): Node {
  try {
    const expression = compileExpression(source);
    for (const message of unsupportedIn(source, sees))
      refuse({ code: "UNSUPPORTED_JSONATA_EXPRESSION", message, location });
    return { kind: "expression", expression, location };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxProblem)) throw thrown;
    // AWS leaves JSONata's code of the error out.
    const message = thrown.message.replace(/^S\d{4}: /, "");
    refuse({ code: "INVALID_JSONATA_EXPRESSION", message, location });
    return { kind: "constant", value: null };
  }
}

function directValue(node: Node, frame: Frame): unknown {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "expression":
      return node.expression.direct(frame.bindings(node.expression));
    case "array": {
      const items = node.items.map((item) => directValue(item, frame));
      return items.includes(unsure) ? unsure : items;
    }
    case "object": {
      const result: Record<string, unknown> = {};
      for (const [key, member] of node.members) {
        const value = directValue(member, frame);
        if (value === unsure) return unsure;
        setMember(result, key, value);
      }
      return result;
    }
  }
}

async function evaluateNode(node: Node, frame: Frame): Promise<unknown> {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "expression":
      return evaluateExpression(node.expression, node.location, frame);
    case "array": {
      const items: unknown[] = [];
      for (const item of node.items) items.push(await evaluateNode(item, frame));
      return items;
    }
    case "object": {
      const result: Record<string, unknown> = {};
      for (const [key, member] of node.members) setMember(result, key, await evaluateNode(member, frame));
      return result;
    }
  }
}

async function evaluateExpression(expression: Expression, location: string, frame: Frame): Promise<unknown> {
  const fail = (ending: string): never => {
    throw new EvaluationError(
      `The JSONata expression '${expression.source}' specified for the field '${location}' ${ending}`,
      location,
    );
  };
  let value: unknown;
  try {
    value = await expression.evaluate(frame.bindings(expression));
  } catch (thrown) {
    if (thrown instanceof EvaluationProblem) fail(thrown.message);
    throw thrown;
  }
  return value === undefined ? fail("returned nothing (undefined).") : value;
}

/** JSON's name for the type of a value, as failure messages use it. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/**
 * A field with one expression (or a literal) that must yield one type, for instance `TimeoutSeconds`.
 * `accepts` is given the value; `expected` names the type in the failure.
 */
export interface Typed<T> {
  readonly source: string | undefined;
  readonly location: string;
  readonly template: Template;
  readonly expected: string;
  readonly accepts: (value: unknown) => value is T;
}

/** @throws EvaluationError when the field yields another type */
export async function evaluateTyped<T>(field: Typed<T>, frame: Frame): Promise<T> {
  const value = field.template.constant ? field.template.value : await field.template.evaluate(frame);
  if (field.accepts(value)) return value;
  throw new EvaluationError(
    `The JSONata expression '${field.source ?? ""}' specified for the field '${field.location}' returned an ` +
      `unexpected result type. Expected '${field.expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    field.location,
  );
}
