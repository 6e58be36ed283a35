/** How many items, or child executions, are where: as DescribeMapRun counts them. */
export class Tally {
  pending = 0;
  running = 0;
  succeeded = 0;
  failed = 0;
  timedOut = 0;
  aborted = 0;
  total = 0;
  /** Whose results are in the files of a ResultWriter. */
  resultsWritten = 0;
  /** Of those that failed: how many a redrive leaves as they are. */
  failuresNotRedrivable = 0;
  pendingRedrive = 0;
}

/** Where a child execution, and each of its items, is counted. */
export type Place =
  | "pending"
  | "running"
  | "succeeded"
  | "failed"
  | "timedOut"
  | "aborted"
  | "pendingRedrive";
