import type { ExecutionStatus } from "@penstock/contracts";

/** One event of an execution's history, as far as a timeline needs it. */
export interface HistoryEvent {
  readonly id: number;
  /** 0: the event has none. */
  readonly previousEventId: number;
  readonly at: Date;
  /** As Step Functions names it: `TaskStateEntered`, `ExecutionFailed`… */
  readonly type: string;
  /** Name of the state, of events that carry one. */
  readonly state?: string | undefined;
  /** Name of the error, of events that tell of a failure. */
  readonly error?: string | undefined;
}

/** An execution as Step Functions lists it. */
export interface ListedExecution {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: Date;
  readonly stoppedAt: Date | undefined;
  readonly redriveCount: number;
}

/** An execution as Step Functions describes it. Input and output are JSON text. */
export interface DescribedExecution extends ListedExecution {
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly redrivable: boolean;
}

export interface ListRequest {
  readonly status: ExecutionStatus | undefined;
  readonly token: string | undefined;
  readonly limit: number;
}

/**
 * What the executions of state machines are read and started by. Machines and executions by ARN. An execution that is
 * not there is `undefined`; everything else that goes wrong is thrown by a name of `errors.ts`.
 */
export interface ExecutionsPort {
  /**
   * Starts an execution. Again by the same name and input while it runs: the same execution.
   * @throws {NameTaken} when another execution of the machine has, or had, the name
   * @throws {InvalidExecution} for a name or an input that Step Functions refuses
   */
  start(machine: string, name: string, input: string): Promise<{ arn: string; startedAt: Date }>;
  /** One page of a machine's executions, the latest start first. @throws {InvalidPageToken} */
  list(
    machine: string,
    request: ListRequest,
  ): Promise<{ executions: readonly ListedExecution[]; token: string | undefined }>;
  describe(arn: string): Promise<DescribedExecution | undefined>;
  /** The whole history, the oldest event first; undefined when there is no such execution. */
  history(arn: string): Promise<readonly HistoryEvent[] | undefined>;
  /** Takes an execution up again at the states that failed. @throws {NotRedrivable} */
  redrive(arn: string): Promise<Date | undefined>;
}
