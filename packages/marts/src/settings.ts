import * as v from "valibot";

const bucket = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What the deployment links to every task of the marts as `Marts`. */
export const MartsSettings = v.object({
  curated: bucket,
  audit: bucket,
  marts: bucket,
  artifacts: bucket,
  /** Glue database over the marts. */
  database: v.pipe(v.string(), v.minLength(1)),
  /** Bytes of all curated objects up to which one Lambda builds the marts; more go to Glue. */
  lambdaMaxBytes: count,
  /** DuckDB's memory limit, in MB; about half of the function's memory, the rest is Node and DuckDB's own overhead. */
  memoryMb: count,
  /** Finished builds that stay beside the one being built: the current one and those before it. */
  keepBuilds: count,
});

/** Buckets and limits of the marts, from `stacks/settings.ts` of the stage. */
export type MartsSettings = v.InferOutput<typeof MartsSettings>;
