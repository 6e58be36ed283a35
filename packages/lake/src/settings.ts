import * as v from "valibot";

const bucket = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What the deployment links to every task of the lake as `Lake`. */
export const LakeSettings = v.object({
  raw: bucket,
  curated: bucket,
  pending: bucket,
  quarantine: bucket,
  audit: bucket,
  artifacts: bucket,
  locksTable: v.string(),
  /** Bytes of a raw object up to which one Lambda refines it; larger ones go to Glue. */
  lambdaMaxBytes: count,
  /** Bytes of all parents' curated objects up to which a refine looks the parents up; above, reconcile does it. */
  parentKeysMaxBytes: count,
  /** Days that a row waits for its parent before it is quarantined. */
  pendingDays: count,
  /** DuckDB's memory limit, in MB; about half of the function's memory, the rest is Node and DuckDB's own overhead. */
  memoryMb: count,
});

/** Buckets, limits and periods of the lake, from `stacks/settings.ts` of the stage. */
export type LakeSettings = v.InferOutput<typeof LakeSettings>;
