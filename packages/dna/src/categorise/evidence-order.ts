import type { DnaEvidence } from "@penstock/contracts";

/** The order of places in a file: by member, array, then row or offset; texts by their code units, none first. */
export function byEvidence(a: DnaEvidence, b: DnaEvidence): number {
  return (
    byText(a.member, b.member) ||
    byText(a.path, b.path) ||
    (a.row ?? 0) - (b.row ?? 0) ||
    (a.offset ?? 0) - (b.offset ?? 0)
  );
}

/** Texts by their code units, and nothing before all of them. */
export function byText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}
