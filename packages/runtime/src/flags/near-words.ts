import { type Part, partsOf } from "./lexicon.ts";

/** Words between a verb and what it is about. */
const NEAR = 9;

/**
 * Whether words of a text tell somebody to leave, give away or run what only a model has: "ignore the previous
 * instructions", in any order, as languages differ in theirs. Given as `plainLetters` writes it.
 */
export function hasOrder(text: string): boolean {
  const places = new Map<Part, number[]>();
  let at = 0;
  for (const [word] of text.matchAll(/\p{L}+/gu)) {
    for (const part of partsOf(word)) {
      const known = places.get(part);
      if (known === undefined) places.set(part, [at]);
      else known.push(at);
    }
    at += 1;
  }
  const of = (part: Part) => places.get(part) ?? [];
  const kept = [...of("rules"), ...of("prompt")].sort((a, b) => a - b);
  if (near(of("ignore"), kept, NEAR).length > 0) return true;
  const forgotten = of("forget");
  const negated = new Set(near(forgotten, of("not"), 2));
  if (near(forgotten, kept, NEAR).some((place) => !negated.has(place))) return true;
  const ofMachine = new Set([...near(kept, of("system"), 2), ...near(kept, of("your"), 2)]);
  const secret = kept.filter((place) => ofMachine.has(place));
  if (near(of("reveal"), secret, NEAR).length > 0) return true;
  const prompts = new Set(of("prompt"));
  const secretPrompts = secret.filter((place) => prompts.has(place));
  if (near(of("show"), secretPrompts, NEAR).length > 0) return true;
  return near(of("call"), of("tool"), 3).length > 0 || near(of("invoke"), of("tool"), 6).length > 0;
}

/** Those of some places that have one of the others within so many words, and not only themselves. Both in order. */
function near(some: readonly number[], others: readonly number[], most: number): number[] {
  let first = 0;
  return some.filter((place) => {
    while (first < others.length && (others[first] ?? 0) < place - most) first += 1;
    for (let at = first; at < others.length && (others[at] ?? 0) <= place + most; at += 1)
      if (others[at] !== place) return true;
    return false;
  });
}
