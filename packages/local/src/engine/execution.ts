import { Branch, resume } from "./branch.ts";
import { systemClock } from "./clock.ts";
import type { Machine } from "./definition.ts";
import { HistoryFull, Interrupted, StateFailure, stateErrors } from "./failures.ts";
import { History, type HistoryEvent, maxHistoryEvents } from "./history.ts";
import type { Clock, ExecutionFacts, Services } from "./ports.ts";
import type { MapRunObserver, Run } from "./run.ts";
import { runBranch } from "./run-branch.ts";
import { failureDetails } from "./task-call.ts";
import { TaskTokens } from "./tokens.ts";

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution ended. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: unknown }
  | {
      readonly status: "FAILED" | "TIMED_OUT" | "ABORTED";
      readonly error: string | undefined;
      readonly cause: string | undefined;
    };

export interface ExecutionOptions extends Omit<ExecutionFacts, "machineName"> {
  readonly machineName?: string;
  /** Not changed by the execution, and not to be changed by the caller. */
  readonly input: unknown;
  readonly services: Services;
  readonly clock?: Clock;
  /** Shared by the executions whose task tokens one API answers. */
  readonly tokens?: TaskTokens;
  readonly region?: string;
  /** Is told of the Map Runs of the execution. */
  readonly mapRuns?: MapRunObserver;
  /** Called with each event as it is added to the history. */
  readonly onEvent?: (event: HistoryEvent) => void;
  /** AWS's quota of 25,000 unless a benchmark lifts it. */
  readonly maxEvents?: number;
  /** In [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/** Only an execution that has ended, and not well, can be redriven. */
export class NotRedrivable extends Error {
  override readonly name = "NotRedrivable";
}

/** Starts an execution of a machine; it runs by itself from here. */
export function startExecution(machine: Machine, options: ExecutionOptions): Execution {
  return new Execution(machine, options);
}

/** One execution: running, ended, or redriven. */
export class Execution {
  readonly machine: Machine;
  readonly facts: ExecutionFacts;
  readonly input: unknown;
  readonly startedAt: number;
  /** Settles when the execution ends; after a redrive this is a new promise. Never rejects. */
  result: Promise<Outcome>;
  outcome: Outcome | undefined;
  stoppedAt: number | undefined;
  readonly #run: Run;
  readonly #root: Branch;
  #stop = new AbortController();
  #settle: (outcome: Outcome) => void;
  /** Settles once nothing of an interrupted attempt is left that could touch the branches. */
  #unwound: Promise<void> = Promise.resolve();

  constructor(machine: Machine, options: ExecutionOptions) {
    const { arn, name, machineArn, roleArn, mapRun, input } = options;
    this.machine = machine;
    const machineName = options.machineName ?? lastPart(machineArn);
    this.facts = { arn, name, machineArn, roleArn, machineName, mapRun };
    this.input = input;
    const clock = options.clock ?? systemClock();
    this.startedAt = clock.now();
    this.#run = {
      facts: this.facts,
      region: options.region ?? "us-east-1",
      input,
      services: options.services,
      clock,
      tokens: options.tokens ?? new TaskTokens(),
      history: new History(clock.now, options.maxEvents ?? maxHistoryEvents, options.onEvent),
      random: options.random ?? Math.random,
      startedAt: this.startedAt,
      startChild: (flow, { timeoutSeconds, ...child }) => {
        // The events of children are theirs alone.
        const { onEvent: _, ...inherited } = options;
        const { tokens } = this.#run;
        const machine: Machine = { ...flow, comment: undefined, timeoutSeconds };
        return new Execution(machine, { ...inherited, ...child, clock, tokens });
      },
      mapRuns: options.mapRuns,
      redrivenAt: undefined,
      redriveCount: 0,
      transitions: 0,
    };
    this.#run.history.append("ExecutionStarted", 0, { input, roleArn });
    this.#root = new Branch({ run: this.#run, flow: machine, input, previous: 0, signal: this.#stop.signal });
    [this.result, this.#settle] = this.#begin(0); // As on AWS, the first state's entry does not follow on the start.
  }

  get status(): Status {
    return this.outcome?.status ?? "RUNNING";
  }

  get history(): readonly HistoryEvent[] {
    return this.#run.history.events;
  }

  get redriveCount(): number {
    return this.#run.redriveCount;
  }

  get redrivenAt(): number | undefined {
    return this.#run.redrivenAt;
  }

  /** Aborts the execution; does nothing when it has ended. */
  stop(error?: string, cause?: string): void {
    if (this.outcome !== undefined) return;
    this.#end({ status: "ABORTED", error, cause });
  }

  /** Why the execution cannot be redriven, in AWS's words; undefined when it can. */
  get notRedrivable(): string | undefined {
    const { status } = this;
    if (status === "RUNNING" || status === "SUCCEEDED")
      return `Execution is ${status} and cannot be redriven`;
    if (!this.#run.history.full) return undefined;
    return "Execution event history limit exceeded and cannot be redriven";
  }

  /**
   * Goes on from the states at which the execution stopped, with the same input; its history continues.
   * @throws NotRedrivable
   */
  redrive(): void {
    const { notRedrivable } = this;
    if (notRedrivable !== undefined) throw new NotRedrivable(notRedrivable);
    const run = this.#run;
    run.redriveCount += 1;
    run.redrivenAt = run.clock.now();
    this.outcome = undefined;
    this.stoppedAt = undefined;
    this.#stop = new AbortController();
    const details = { redriveCount: run.redriveCount };
    const previous = run.history.appendLast("ExecutionRedriven", run.history.events.length, details);
    [this.result, this.#settle] = this.#begin(previous);
  }

  #begin(previous: number): [Promise<Outcome>, (outcome: Outcome) => void] {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const { signal } = this.#stop;
    const root = this.#root;
    const { timeoutSeconds } = this.machine;
    if (timeoutSeconds !== undefined) {
      const timeOut = () => this.#end({ status: "TIMED_OUT", error: undefined, cause: undefined }, signal);
      this.#run.clock.sleep(timeoutSeconds * 1000, signal).then(timeOut, () => {});
    }
    // Begins once the caller has the execution in hand, and what was interrupted before is gone.
    this.#unwound = this.#unwound
      .then(() => {
        resume(root, previous, signal);
        return runBranch(root);
      })
      .then(
        (output) => this.#end({ status: "SUCCEEDED", output }, signal),
        (thrown) => this.#end(outcomeOf(thrown), signal),
      );
    return [promise, resolve];
  }

  #end(outcome: Outcome | undefined, signal: AbortSignal = this.#stop.signal): void {
    if (outcome === undefined || signal.aborted) return;
    this.outcome = outcome;
    this.stoppedAt = this.#run.clock.now();
    this.#stop.abort(over);
    this.#run.history.appendLast(
      `Execution${endings[outcome.status]}`,
      this.#root.previous,
      detailsOf(outcome),
    );
    this.#settle(outcome);
  }
}

/** One for all: an error of its own would cost every execution a stack trace. */
const over = new Interrupted();

const endings = {
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  TIMED_OUT: "TimedOut",
  ABORTED: "Aborted",
} as const;

function detailsOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  if (outcome.status === "SUCCEEDED") return { output: outcome.output };
  return failureDetails(new StateFailure(outcome.error, outcome.cause));
}

function outcomeOf(thrown: unknown): Outcome | undefined {
  if (thrown instanceof Interrupted) return undefined;
  if (thrown instanceof StateFailure) {
    return { status: "FAILED", error: thrown.error, cause: thrown.failureCause };
  }
  if (thrown instanceof HistoryFull) {
    const cause = "The execution reached the maximum number of history events (25000).";
    return { status: "FAILED", error: stateErrors.runtime, cause };
  }
  const cause = `The interpreter failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`;
  return { status: "FAILED", error: stateErrors.runtime, cause };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
