import type { Contract, Source } from "./contract.ts";

/** The columns of a file fit one source, or do not fit any: then how far they are from the nearest one. */
export type ResolvedSource =
  | { readonly source: string }
  | {
      readonly mismatch: {
        readonly missing: readonly string[];
        readonly extra: readonly string[];
        readonly nearest: string;
      };
    };

/**
 * Finds the source whose columns a file has: every column that is not optional, and none that the source does not
 * know. Names are compared exactly; a name that stands twice is extra. Order does not matter.
 */
export function resolveSource(contract: Contract, columnNames: readonly string[]): ResolvedSource {
  const distances = Object.entries(contract.sources).map(([name, source]) => ({
    nearest: name,
    ...distance(contract, source, columnNames),
  }));
  const [first, ...others] = distances;
  if (first === undefined) return { mismatch: { missing: [], extra: [...columnNames], nearest: "" } };
  const size = (one: typeof first) => one.missing.length + one.extra.length;
  const mismatch = others.reduce((best, other) => (size(other) < size(best) ? other : best), first);
  return size(mismatch) === 0 ? { source: mismatch.nearest } : { mismatch };
}

function distance(contract: Contract, source: Source, names: readonly string[]) {
  const optional = new Set(contract.columns.filter((column) => column.optional).map((column) => column.name));
  const present = new Set(names);
  const missing = Object.entries(source.columns)
    .filter(([theirs, ours]) => !optional.has(ours) && !present.has(theirs))
    .map(([theirs]) => theirs);
  const extra = names.filter(
    (name, index) => !Object.hasOwn(source.columns, name) || names.indexOf(name) < index,
  );
  return { missing, extra };
}
