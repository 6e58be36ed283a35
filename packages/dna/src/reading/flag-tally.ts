import { type DnaEvidence, type DnaFlag, type FlagCode, flagCodes } from "@penstock/contracts";

/** Collects what is suspicious about a file: of each code how often, and where first. */
export interface FlagTally {
  /** Notes codes of one place; null: they are of the whole file. */
  note(codes: readonly FlagCode[], evidence: DnaEvidence | null): void;
  /** In the order of the codes. */
  flags(): DnaFlag[];
}

/** A tally without anything in it. */
export function flagTally(): FlagTally {
  const found = new Map<FlagCode, { readonly evidence: DnaEvidence | null; count: number }>();
  return {
    note(codes, evidence) {
      for (const code of codes) {
        const known = found.get(code);
        if (known === undefined) found.set(code, { evidence, count: 1 });
        else known.count += 1;
      }
    },
    flags: () =>
      flagCodes.flatMap((code) => {
        const known = found.get(code);
        return known === undefined ? [] : [{ code, ...known }];
      }),
  };
}
