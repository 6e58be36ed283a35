import type { Definition, Expression, Flow, State } from "./states.ts";

/**
 * A flow whose every `StartAt`, `Next`, `Default` and `Catch` names one of its own states: anything else does not
 * compile. Used as it is for the branches of a Parallel and the processor of a Map.
 */
export function flow<const States extends { readonly [Name in keyof States]: State<keyof States & string> }>(
  startAt: NoInfer<keyof States & string>,
  states: States,
): Flow {
  return { StartAt: startAt, States: states as Flow["States"] };
}

/** A JSONata definition. `timeoutSeconds` bounds the whole execution, retries and waits included. */
export function define<
  const States extends { readonly [Name in keyof States]: State<keyof States & string> },
>(
  machine: { comment: string; timeoutSeconds: number; startAt: NoInfer<keyof States & string> },
  states: States,
): Definition {
  return {
    Comment: machine.comment,
    QueryLanguage: "JSONata",
    TimeoutSeconds: machine.timeoutSeconds,
    ...flow(machine.startAt, states),
  };
}

/** Marks JSONata source as an expression: `jsonata("$file.rows > 0")` → `{% $file.rows > 0 %}`. */
export function jsonata(source: string): Expression {
  return `{% ${source} %}`;
}
