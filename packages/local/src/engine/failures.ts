/** Error names that Amazon States Language defines and that this interpreter raises itself. */
export const stateErrors = {
  all: "States.ALL",
  taskFailed: "States.TaskFailed",
  timeout: "States.Timeout",
  heartbeatTimeout: "States.HeartbeatTimeout",
  runtime: "States.Runtime",
  dataLimitExceeded: "States.DataLimitExceeded",
  queryEvaluation: "States.QueryEvaluationError",
  noChoiceMatched: "States.NoChoiceMatched",
  itemReaderFailed: "States.ItemReaderFailed",
  resultWriterFailed: "States.ResultWriterFailed",
  exceedToleratedFailureThreshold: "States.ExceedToleratedFailureThreshold",
} as const;

/** A state failed: what `Retry` and `Catch` look at, and what an execution ends with when neither helps. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";
  readonly error: string | undefined;
  readonly failureCause: string | undefined;
  /** A missed heartbeat is reported as `States.Timeout`, but can be caught as `States.HeartbeatTimeout`. */
  readonly missedHeartbeat: boolean;

  constructor(error: string | undefined, cause: string | undefined, missedHeartbeat = false) {
    super(`${error ?? "no error name"}: ${cause ?? "no cause"}`);
    this.error = error;
    this.failureCause = cause;
    this.missedHeartbeat = missedHeartbeat;
  }
}

/** Thrown inside a branch whose execution was stopped or timed out, or whose sibling failed. Never an outcome. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** The history is full: ends the execution past every `Retry` and `Catch`. */
export class HistoryFull extends Error {
  override readonly name = "HistoryFull";
}
