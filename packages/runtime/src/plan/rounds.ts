import { lint } from "../sql/lint.ts";
import type { QueryPlan } from "./query-plan.ts";

type Step = QueryPlan["steps"][number];

/** Steps that are run together: what they read is there. */
export interface Round {
  /** Steps whose rows are kept, in no need of each other. */
  readonly kept: readonly Step[];
  /** Steps that are views over what is kept, each over the ones before it. */
  readonly views: readonly Step[];
}

/**
 * The steps of a plan in rounds. A step that is read more than once is kept, and so is one of a partitioned output; every
 * other one is a view. Throws `UnsupportedSql` for any query of the plan that is outside the subset.
 */
export function rounds({ steps, reports, outputs }: QueryPlan): Round[] {
  const uses = new Map<string, number>();
  const tablesOf = ({ sql }: { readonly sql: string }): readonly string[] => lint(sql).tables;
  for (const name of [...outputs.map(({ from }) => from), ...[...steps, ...reports].flatMap(tablesOf)])
    uses.set(name, (uses.get(name) ?? 0) + 1);
  const parted = new Set(outputs.flatMap(({ from, partition }) => (partition === undefined ? [] : [from])));

  const roundOf = new Map<string, number>();
  const found: { kept: Step[]; views: Step[] }[] = [{ kept: [], views: [] }];
  for (const step of steps) {
    const kept = parted.has(step.name) || (uses.get(step.name) ?? 0) > 1;
    const ready = Math.max(0, ...tablesOf(step).map((name) => roundOf.get(name) ?? 0));
    const index = kept ? ready + 1 : ready;
    roundOf.set(step.name, index);
    const round = found[index] ?? { kept: [], views: [] };
    found[index] = round;
    (kept ? round.kept : round.views).push(step);
  }
  return found;
}
