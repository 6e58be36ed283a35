import type { QueryPlan, S3Uri } from "@penstock/runtime";
import { refineReports } from "./refine-reports.ts";
import {
  checkedStep,
  curatedStep,
  flaggedStep,
  latestStep,
  pendingStep,
  quarantineStep,
  type RefineShape,
  rejectedStep,
  repeatedStep,
  waitingStep,
} from "./refine-steps.ts";

/** Objects that one attempt prepares; they become final once their balance is checked. */
export interface RefineAttempt {
  readonly curated: S3Uri;
  readonly pending: S3Uri;
  readonly quarantine: S3Uri;
  readonly result: S3Uri;
}

/** The attempt's objects under a prefix that ends in a slash. */
export function refineAttempt(prefix: S3Uri): RefineAttempt {
  return {
    curated: `${prefix}curated.parquet`,
    pending: `${prefix}pending.parquet`,
    quarantine: `${prefix}quarantine.parquet`,
    result: `${prefix}result.json`,
  };
}

/** The curated objects of every parent table that there are; a table without any is left out. */
export type ParentObjects = Readonly<Record<string, readonly S3Uri[]>>;

/**
 * One object's way through the lake as a query plan in Trino's dialect: check, deduplicate, look up parents, mask.
 *
 * Every output has a total order, so that its bytes do not depend on threads or memory: by key where the key is unique,
 * else by every column. Anti-joins are LEFT JOIN … IS NULL: DuckDB then builds its hash table on the small side, where
 * a correlated NOT EXISTS over a key of two columns took three times as long and twice the memory (measured).
 */
export function refinePlan(
  shape: RefineShape,
  {
    raw,
    parents,
    attempt,
  }: { readonly raw: S3Uri; readonly parents: ParentObjects; readonly attempt: RefineAttempt },
): QueryPlan {
  const refers = shape.lookUps.length > 0;
  const { primaryKey } = shape.contract;
  const fileKey = shape.scanned
    .filter(({ column }) => primaryKey.includes(column.name))
    .map(({ file }) => file.name);
  const fileColumns = [...new Set([...fileKey, ...shape.physical.map(({ name }) => name)])];
  return {
    inputs: [
      { name: "raw", uris: [raw] },
      ...Object.entries(parents).map(([table, uris]) => ({ name: `parent_${table}`, uris: [...uris] })),
    ],
    steps: [
      checkedStep(shape),
      repeatedStep(shape),
      latestStep(shape),
      curatedStep(shape),
      ...(refers ? [waitingStep(shape), pendingStep(shape)] : []),
      flaggedStep(shape),
      rejectedStep(shape),
      quarantineStep(shape),
    ],
    outputs: [
      { from: "curated", to: attempt.curated, orderBy: [...primaryKey] },
      ...(refers ? [{ from: "pending", to: attempt.pending, orderBy: [...primaryKey] }] : []),
      { from: "quarantine", to: attempt.quarantine, orderBy: [...fileColumns, "_reasons"] },
    ],
    reports: refineReports(shape),
    result: attempt.result,
  };
}
