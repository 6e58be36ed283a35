import type { TaskTarget } from "./resource.ts";

/** One task that a state machine asks a service to run. */
export interface TaskCall {
  /** The `Resource` as written, for instance `arn:aws:states:::glue:startJobRun.sync`. */
  readonly resource: string;
  /** What the resource names: a Lambda function, or a service's action and how to wait for it. */
  readonly target: TaskTarget;
  /** The evaluated `Arguments` (the state's input when it has none). Not to be changed by the service. */
  readonly arguments: unknown;
  /** Aborted when the answer is no longer wanted: timeout, stop, or a failed sibling. */
  readonly signal: AbortSignal;
  readonly execution: ExecutionFacts;
  /** Name of the state that runs the task, and how often it has been retried. */
  readonly state: { readonly name: string; readonly retryCount: number };
  /** Present with `.waitForTaskToken` and `.sync`: the token that SendTask… may answer with. */
  readonly taskToken?: string;
  /** The role to assume instead of the machine's (`Credentials.RoleArn`). */
  readonly credentialsRoleArn?: string;
  /**
   * A `.sync` service calls this once, with the immediate answer of the call that started the job; the promise
   * of `Services.call` then settles when the job has ended. Other forms have no use for it.
   */
  readonly submitted: (answer: unknown) => void;
  /**
   * A service that only waits for another execution says so: none of that time is work.
   * @returns what to call when it goes on
   */
  readonly idle?: () => () => void;
}

/** Who is calling: ARNs as AWS forms them. */
export interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  /** Of a child execution: the Map Run that started it, and how many items it stands for. */
  readonly mapRun?: { readonly arn: string; readonly items: number } | undefined;
}

/** What a Distributed Map is about to do: start children of a machine, or redrive those of a Map Run. */
export interface ChildrenAdmission {
  readonly action: "StartExecution" | "RedriveExecution";
  /** ARN of the machine, or of one of the children. */
  readonly resource: string;
  /** The execution that the map is in. */
  readonly execution: ExecutionFacts;
}

/** Everything outside the machine. `.waitForTaskToken` calls settle with the immediate answer of the service. */
export interface Services {
  /** @throws TaskFailure with the error name and cause that AWS would report. */
  call(task: TaskCall): Promise<unknown>;
  /**
   * Asked before the children of a Distributed Map begin. Absent where everybody may begin them.
   * @throws TaskFailure when the machine's role may not
   */
  readonly admitChildren?: ((children: ChildrenAdmission) => Promise<void>) | undefined;
}

/** The only source of time. Instants and durations are in milliseconds. */
export interface Clock {
  now(): number;
  /** Settles after `ms`; when `signal` aborts it rejects at once, whatever the reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Says that real work begins, which no clock makes faster. @returns what to call once it has ended */
  readonly working?: () => () => void;
}

/** How a service tells that a task failed. Both parts may be absent, as in SendTaskFailure. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly error: string | undefined;
  readonly failureCause: string | undefined;

  constructor(error?: string, cause?: string) {
    super(`Task failed with ${error ?? "no error name"}: ${cause ?? "no cause given"}`);
    this.error = error;
    this.failureCause = cause;
  }
}
