/** What a persona rests on, in numbers. */
export interface PersonaEvidence {
  /** Distinct facts. */
  readonly facts: number;
  /** Kinds of items among them, of the five that a category has. */
  readonly kinds: number;
  /** Files that they are from. */
  readonly sources: number;
}

/**
 * How complete a persona is, from 0 to 100: `round(40·kinds/5 + 35·min(facts, 50)/50 + 25·min(sources, 4)/4)`. Counted
 * from evidence alone, no model is asked; more evidence never makes it less.
 */
export function completeness({ facts, kinds, sources }: PersonaEvidence): number {
  return Math.round((40 * kinds) / 5 + (35 * Math.min(facts, 50)) / 50 + (25 * Math.min(sources, 4)) / 4);
}
