import type { DnaCategory } from "@penstock/contracts";
import { estimatedTokens, fenced } from "@penstock/runtime/model";
import type { Fact } from "./facts.ts";

/** A fact as the model is shown it. */
export type ShownFact = Pick<Fact, "id" | "kind" | "what" | "files" | "occurrences">;

/** A fact as a line of the message: `3 subscription: Netflix, paid monthly (files: 2, times: 14)`. */
function factLine({ id, kind, what, files, occurrences }: ShownFact): string {
  return `${id} ${kind}: ${what} (files: ${files}, times: ${occurrences})`;
}

/** The first facts by rank, as many as fit into as many tokens, by the runtime's estimate. */
export function shownFacts(facts: readonly Fact[], tokens: number): ShownFact[] {
  let left = tokens;
  const next = facts.findIndex((fact) => {
    left -= estimatedTokens(`${JSON.stringify(factLine(fact))}\n`);
    return left < 0;
  });
  return facts
    .slice(0, next === -1 ? facts.length : next)
    .map(({ id, kind, what, files, occurrences }) => ({ id, kind, what, files, occurrences }));
}

/**
 * What the model is asked about one type: the facts that it is shown, fenced, and how many there are besides. Nothing of the
 * names of files stands here, nor whose they are.
 */
export function personaMessage(type: DnaCategory, shown: readonly ShownFact[], leftOut: number): string {
  const rest = leftOut === 0 ? "" : `\nFacts of lower rank that are left out: ${leftOut}`;
  return `Facts about the ${type} side of a person:\n${fenced(shown.map(factLine))}${rest}`;
}
