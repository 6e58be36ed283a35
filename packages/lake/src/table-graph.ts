import type { Contract } from "@penstock/contracts";

/**
 * The contracts with parents before the tables that refer to them, so that one pass in this order releases to the
 * fixpoint. Throws on a cycle: then no row of it could ever be the first to land.
 */
export function parentsFirst(contracts: readonly Contract[]): Contract[] {
  const ordered: Contract[] = [];
  let waiting = [...contracts];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const ready = waiting.filter(({ references }) => references.every(({ table }) => !names.has(table)));
    if (ready.length === 0)
      throw new Error(`tables refer to each other in a circle: ${[...names].join(", ")}`);
    ordered.push(...ready);
    waiting = waiting.filter((contract) => !ready.includes(contract));
  }
  return ordered;
}
