import { lint } from "../sql/lint.ts";
import type { QueryPlan } from "./query-plan.ts";

/** How often each step of a plan is read by the queries after it, its outputs included. */
export function uses(plan: QueryPlan): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  const add = (name: string): void => {
    count.set(name, (count.get(name) ?? 0) + 1);
  };
  for (const { from } of plan.outputs) add(from);
  for (const { sql } of [...plan.steps, ...plan.reports]) {
    for (const name of lint(sql).tables) add(name);
  }
  return count;
}
