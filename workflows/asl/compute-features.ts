import { flow, jsonata } from "./define.ts";
import { retryAthena } from "./retries.ts";

/** Where the queries of features run. */
export interface FeatureQueries {
  /** Athena's workgroup, by name. */
  readonly workgroup: string;
  /** Glue's database of clean rows and features. */
  readonly database: string;
  /** Limit of one query, time in its queue included, seconds. */
  readonly querySeconds: number;
}

/**
 * A folder of its own for each try of a query, such as `0-1`: UNLOAD refuses one that is not empty, and what it has
 * written when it fails stays there.
 */
const thisTry =
  "$string($exists($states.context.Execution.RedriveCount) ? $states.context.Execution.RedriveCount : 0) & '-' & $string($states.context.State.RetryCount)";

/** One query of `$candidate.queries`, by its name there, with this try's folder in its destination. */
export function unload({ workgroup, database, querySeconds }: FeatureQueries, query: string) {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::athena:startQueryExecution.sync",
    Arguments: {
      QueryString: jsonata(`$replace($candidate.queries.${query}, '{try}', ${thisTry})`),
      QueryExecutionContext: { Database: database },
      WorkGroup: workgroup,
    },
    TimeoutSeconds: querySeconds,
    Retry: [retryAthena],
  } as const;
}

/** The folder that the try which succeeded has written to. */
export const folderOfTry = jsonata(thisTry);

/**
 * The features of users, products and interactions side by side. Sets `$tries`: the folder that each has written to at
 * last, by the group.
 */
export function computeFeatures(queries: FeatureQueries) {
  const branch = (state: string, query: string) =>
    flow(state, { [state]: { ...unload(queries, query), Output: folderOfTry, End: true } });
  return {
    Type: "Parallel",
    Branches: [
      branch("UserFeatures", "user"),
      branch("ItemFeatures", "item"),
      branch("InteractionFeatures", "interaction"),
    ],
    Assign: {
      tries: {
        user: jsonata("$states.result[0]"),
        item: jsonata("$states.result[1]"),
        interaction: jsonata("$states.result[2]"),
      },
    },
  } as const;
}
