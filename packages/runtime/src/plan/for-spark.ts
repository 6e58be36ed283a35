import { toEngine } from "../sql/to-engine.ts";
import type { QueryPlan } from "./query-plan.ts";

/** Adds Spark's text to every query of a plan. */
export function forSpark(plan: QueryPlan): QueryPlan {
  const both = <Query extends { readonly name: string; readonly sql: string }>(query: Query) => ({
    ...query,
    spark: toEngine(query.sql, "spark"),
  });
  return { ...plan, steps: plan.steps.map(both), reports: plan.reports.map(both) };
}
