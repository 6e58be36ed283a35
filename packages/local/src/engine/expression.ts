import jsonata from "jsonata";
import { bindAwsFunctions } from "./aws-functions.ts";
import { type Direct, directEvaluation, unsure } from "./direct-evaluation.ts";

/** A JSONata expression between `{%` and `%}`, compiled once. */
export interface Expression {
  /** Without the brackets, as failure messages quote it. */
  readonly source: string;
  /** Whether it can see `$states.context`, which is only built for those that can. */
  readonly usesContext: boolean;
  /** Whether it asks for the time, by `$now` or `$millis`. */
  readonly usesTime: boolean;
  /** The value where it is certain without the package; `unsure` otherwise. */
  readonly direct: Direct;
  /** The JSON value that it yields; undefined when it yields nothing. @throws EvaluationProblem */
  evaluate(bindings: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Why an evaluation failed: the end of AWS's sentence that starts with the expression and the field. */
export class EvaluationProblem extends Error {
  override readonly name = "EvaluationProblem";
}

const brackets = /^\{%([\s\S]*)%\}$/;
/** `$states` that is not followed by one of its other members. */
const context = /\$states\b(?!\s*\.\s*(?:input|result|errorOutput)\b)/;

const time = /\$(?:now|millis)\b/;

/**
 * An expression that runs longer than this many milliseconds is taken to be endless. Generous, because on a busy
 * machine the evaluations of other executions run in between.
 */
const patience = 60_000;

/** The text between `{%` and `%}` when the whole string is an expression. */
export function expressionSource(text: string): string | undefined {
  return brackets.exec(text)?.[1]?.trim();
}

/** @throws SyntaxProblem when it does not parse */
export function compileExpression(source: string): Expression {
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(source, { timeout: patience });
  } catch (thrown) {
    throw new SyntaxProblem(problem(thrown));
  }
  bindAwsFunctions(compiled);
  const direct = directEvaluation(compiled.ast()) ?? (() => unsure);
  return {
    source,
    usesContext: context.test(source),
    usesTime: time.test(source),
    direct,
    evaluate: async (bindings) => {
      // What it finds is JSON as it stands, which nobody changes: no copy is needed.
      const found = direct(bindings);
      if (found !== unsure) return found;
      let value: unknown;
      try {
        value = await compiled.evaluate(undefined, bindings);
      } catch (thrown) {
        throw new EvaluationProblem(`threw an error during evaluation${evaluationProblem(thrown)}`);
      }
      return plain(value);
    },
  };
}

/** The expression does not parse; the message is JSONata's. */
export class SyntaxProblem extends Error {
  override readonly name = "SyntaxProblem";
}

/** As AWS ends its sentence: JSONata's own errors are one of their own, those of its added functions are not. */
function evaluationProblem(thrown: unknown): string {
  const text = problem(thrown);
  return /^[A-Z]\d{4}: /.test(text) ? `. ${text}` : `: ${text}`;
}

/** `T1006: Attempted to invoke a non-function`: JSONata throws plain objects with a code. */
function problem(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  const message = "message" in thrown ? String(thrown.message) : "";
  return "code" in thrown && thrown.code !== undefined ? `${thrown.code}: ${message}` : message;
}

/**
 * A copy without what JSONata leaves on its results: flags on sequences, functions, undefined members.
 * Flags would make the same array behave differently in the next expression.
 */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function") throw new EvaluationProblem("returned an unsupported result type.");
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new EvaluationProblem(`threw an error during evaluation. D1001: Number out of range: ${value}`);
    }
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) {
    throw new EvaluationProblem("returned an unsupported result type.");
  }
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) setMember(copy, key, plain(member));
  }
  return copy;
}

/** Assigns also a member named `__proto__`, which plain assignment would lose. */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
