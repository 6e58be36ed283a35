import { randomUUID } from "node:crypto";
import type { Branch } from "../branch.ts";
import type { Execution } from "../execution.ts";
import { Interrupted, StateFailure, stateErrors } from "../failures.ts";
import type { Flow } from "../state.ts";
import { failureOf } from "../tokens.ts";
import { type Child, Children } from "./children.ts";
import type { ChildInput } from "./item-batcher.ts";
import type { Results } from "./results.ts";
import { Tally } from "./tally.ts";
import type { Tolerance } from "./tolerance.ts";

/** What the child executions of a Distributed Map run. */
export interface Processor {
  readonly flow: Flow;
  /** Names the children's state machine, `<machine>/<label>`, in ARNs. */
  readonly label: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** As it is in the definition. */
  readonly definition: unknown;
}

/** How many children run at the same time, and how many may fail. */
export interface Limits {
  /** 0 when nothing limits it. */
  readonly maxConcurrency: number;
  readonly tolerance: Tolerance;
}

/** Gives the inputs of the children from the first one on, page by page, whenever it is asked. */
export type Inputs = (branch: Branch) => AsyncIterable<readonly ChildInput[]>;

/** How long a Map Run that was stopped may take to write its results, in milliseconds. */
const lastWriteMs = 30_000;

/**
 * The child executions of one Distributed Map state. Its state keeps it for a redrive, which runs the children that did
 * not succeed, and then those that were not begun.
 */
export class MapRun {
  readonly arn: string;
  readonly executionArn: string;
  /** Of the children: `…:stateMachine:<machine>/<label>`. */
  readonly stateMachineArn: string;
  readonly processor: Processor;
  readonly startedAt: number;
  stoppedAt: number | undefined;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED" = "RUNNING";
  redriveCount = 0;
  redrivenAt: number | undefined;
  readonly items = new Tally();
  readonly executions = new Tally();
  readonly #inputs: Inputs;
  readonly #results: Results;
  readonly #children: Children;
  #limits: Limits;

  constructor(
    branch: Branch,
    of: {
      readonly processor: Processor;
      readonly inputs: Inputs;
      readonly results: Results;
      readonly limits: Limits;
    },
  ) {
    const { facts, clock } = branch.run;
    const [, , , region, account] = facts.arn.split(":");
    this.arn = `arn:aws:states:${region}:${account}:mapRun:${childMachineName(branch, of.processor)}:${randomUUID()}`;
    this.executionArn = facts.arn;
    this.stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${childMachineName(branch, of.processor)}`;
    this.processor = of.processor;
    this.startedAt = clock.now();
    this.#inputs = of.inputs;
    this.#results = of.results;
    this.#limits = of.limits;
    this.#children = new Children(this);
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Changes the limits, also while it runs. */
  update(limits: Limits): void {
    this.#limits = limits;
    this.#children.look();
  }

  /** Whether a child of it waits for its turn in a redrive. */
  awaitsRedrive(executionArn: string): boolean {
    return this.#children.awaitsRedrive(executionArn);
  }

  /** Prepares a redrive: what `run` does next is the rest. */
  redrive(now: number): void {
    this.redriveCount += 1;
    this.redrivenAt = now;
    this.#children.redrive();
  }

  /** Lets go of everything but what it tells: the state has its result, or nobody can redrive it any more. */
  release(): void {
    this.#children.release();
    this.#results.release();
  }

  /**
   * Runs the children that have not succeeded yet.
   * @returns the result of the state
   * @throws StateFailure `States.ExceedToleratedFailureThreshold`, or that of the reader or writer
   */
  async run(branch: Branch): Promise<unknown> {
    this.status = "RUNNING";
    this.stoppedAt = undefined;
    branch.run.mapRuns?.began(this);
    try {
      const result = await this.#attempt(branch);
      this.status = "SUCCEEDED";
      return result;
    } catch (thrown) {
      this.status = thrown instanceof StateFailure ? "FAILED" : "ABORTED";
      throw thrown;
    } finally {
      this.stoppedAt = branch.run.clock.now();
    }
  }

  async #attempt(branch: Branch): Promise<unknown> {
    await this.#admit(branch);
    await this.#results.open(branch, this);
    const halted = await this.#children.run(branch, this.#inputs(branch), this.#results);
    if (halted === undefined) return this.#close(branch, undefined, branch.signal);
    try {
      const stopped = halted.reason instanceof Interrupted;
      const signal = stopped ? AbortSignal.timeout(lastWriteMs) : branch.signal;
      await this.#close(branch, this.#notBegun(branch, stopped), signal);
    } catch {
      // What cut the attempt short is what is told.
    }
    throw halted.reason;
  }

  /** AWS asks for the permission to start the machine itself, and to redrive the children that are executions. */
  async #admit({ run }: Branch): Promise<void> {
    const { admitChildren } = run.services;
    const redriven = this.#children.firstRedriven;
    const started = this.stateMachineArn.slice(0, this.stateMachineArn.lastIndexOf("/"));
    try {
      const execution = run.facts;
      await admitChildren?.({ action: "StartExecution", resource: started, execution });
      if (redriven !== undefined)
        await admitChildren?.({ action: "RedriveExecution", resource: redriven, execution });
    } catch (thrown) {
      throw failureOf(thrown);
    }
  }

  async #close(
    branch: Branch,
    pending: AsyncIterable<ChildInput> | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const result = await this.#results.close(branch, this, pending, signal);
    if (!this.#results.exported) return result;
    for (const tally of [this.items, this.executions])
      tally.resultsWritten = tally.succeeded + tally.failed + tally.timedOut + tally.aborted;
    return result;
  }

  /** The inputs that no child was begun for. Those that were not read yet are read, unless the execution is over. */
  async *#notBegun(branch: Branch, stopped: boolean): AsyncGenerator<ChildInput> {
    const { waiting } = this.#children;
    yield* waiting.waiting();
    if (stopped || waiting.complete) return;
    let known = waiting.read;
    for await (const page of this.#inputs(branch)) {
      yield* page.slice(Math.min(known, page.length));
      known -= Math.min(known, page.length);
    }
  }

  /** Begins a child, or redrives one that was begun before. */
  begin(branch: Branch, child: Child): Execution {
    const before = child.execution;
    before?.redrive();
    const execution = before ?? this.#start(branch, child);
    child.execution = execution;
    branch.run.mapRuns?.childBegan(execution, this);
    return execution;
  }

  #start(branch: Branch, child: Child): Execution {
    const { facts, startChild } = branch.run;
    const [, , , region, account] = facts.arn.split(":");
    const place = (kind: string) => `arn:aws:states:${region}:${account}:${kind}:`;
    const machineName = childMachineName(branch, this.processor);
    const express = this.processor.type === "EXPRESS";
    const arn = express
      ? `${place("express")}${machineName}:${child.name}:${randomUUID()}`
      : `${place("execution")}${machineName}:${child.name}`;
    child.arn ??= arn;
    return startChild(this.processor.flow, {
      arn: child.arn,
      name: child.name,
      machineArn: this.stateMachineArn,
      machineName,
      mapRun: { arn: this.arn, items: child.items },
      input: child.input,
      timeoutSeconds: express ? expressTimeoutSeconds : undefined,
    });
  }
}

/** AWS ends an express execution after five minutes. */
const expressTimeoutSeconds = 300;

/** Labels are unique in a state machine, so that a map inside of a map is named by the machine too. */
function childMachineName({ run }: Branch, { label }: Processor): string {
  return `${run.facts.machineName.split("/")[0]}/${label}`;
}

/** More failed than are tolerated. */
export function thresholdExceeded(): StateFailure {
  return new StateFailure(
    stateErrors.exceedToleratedFailureThreshold,
    "The specified tolerated failure threshold was exceeded",
  );
}
