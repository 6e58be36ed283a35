import { lint } from "../sql/lint.ts";
import type { QueryPlan } from "./query-plan.ts";

/** A step, and what it means for those around it. */
export interface PlannedStep {
  readonly name: string;
  readonly sql: string;
  /** Whether its rows are kept; otherwise it is a view. */
  readonly kept: boolean;
  /** Whether nothing but a partitioned output reads it. */
  readonly onlyWritten: boolean;
  /** The inputs and steps that it reads. */
  readonly reads: readonly string[];
}

/**
 * The steps of a plan. A step that is read more than once is kept, and so is one of a partitioned output; every other one
 * is a view. Throws `UnsupportedSql` for any query of the plan that is outside the subset.
 */
export function plannedSteps({ steps, reports, outputs }: QueryPlan): PlannedStep[] {
  const uses = new Map<string, number>();
  const read = [...outputs.map(({ from }) => from), ...[...steps, ...reports].flatMap(readBy)];
  for (const name of read) uses.set(name, (uses.get(name) ?? 0) + 1);
  const parted = new Set(outputs.flatMap(({ from, partition }) => (partition === undefined ? [] : [from])));
  return steps.map(({ name, sql }) => ({
    name,
    sql,
    onlyWritten: parted.has(name) && uses.get(name) === 1,
    kept: parted.has(name) || (uses.get(name) ?? 0) > 1,
    reads: readBy({ sql }),
  }));
}

/** What a query reads, as often as it names it. */
export function readBy({ sql }: { readonly sql: string }): readonly string[] {
  return lint(sql).tables;
}
