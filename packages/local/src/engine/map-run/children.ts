import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Branch } from "../branch.ts";
import type { Execution, Outcome } from "../execution.ts";
import { Interrupted } from "../failures.ts";
import type { ChildInput } from "./item-batcher.ts";
import { type MapRun, thresholdExceeded } from "./map-run.ts";
import { PendingInputs } from "./pending-inputs.ts";
import type { Results } from "./results.ts";
import type { Place } from "./tally.ts";
import { exceeds } from "./tolerance.ts";

/** A child that was begun and has not succeeded. */
export interface Child {
  readonly index: number;
  readonly name: string;
  readonly input: unknown;
  readonly items: number;
  /** Kept over redrives. */
  arn: string | undefined;
  /** What a redrive goes on with; an express execution starts anew instead. */
  execution: Execution | undefined;
  place: Place;
}

/** Why an attempt was cut short. */
export interface Halted {
  readonly reason: unknown;
}

/**
 * As many children run at the same time at most, whatever MaxConcurrency says. AWS runs 10,000, on more than one
 * machine; how many run together changes how long a Map Run takes, and nothing else.
 */
const mostTogether = 1000;

/** After so many children, timers and sockets of the process get their turn: children may never wait for anything. */
const begunPerTurn = 64;

const places = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timedOut",
  ABORTED: "aborted",
} as const;

/** The children of a Map Run: begins them as there is room, and keeps those that ended badly for a redrive. */
export class Children {
  readonly waiting = new PendingInputs();
  readonly #mapRun: MapRun;
  readonly #running = new Set<Child>();
  /** Those that a redrive has still to begin. */
  #again: Child[] = [];
  #broken: Child[] = [];
  #begun = 0;
  #failedItems = 0;
  #changed = Promise.withResolvers<void>();

  constructor(mapRun: MapRun) {
    this.#mapRun = mapRun;
  }

  /** Has the run look again at what it may do. */
  look(): void {
    this.#changed.resolve();
  }

  awaitsRedrive(executionArn: string): boolean {
    return this.#again.some(({ arn, place }) => arn === executionArn && place === "pendingRedrive");
  }

  /** One of those that a redrive goes on with, when it goes on with any. */
  get firstRedriven(): string | undefined {
    return this.#again.find(({ execution }) => execution !== undefined)?.arn;
  }

  /** Puts those that ended badly in front. A standard execution whose history is full stays as it is. */
  redrive(): void {
    this.#failedItems = 0;
    const before = [...this.#again, ...this.#broken];
    this.#again = [];
    this.#broken = [];
    for (const child of before) {
      const redrivable = child.execution?.notRedrivable === undefined;
      if (redrivable) {
        this.#move(child, "pendingRedrive");
        this.#again.push(child);
        continue;
      }
      this.#broken.push(child);
      this.#failedItems += child.items;
    }
    const { items, executions } = this.#mapRun;
    executions.failuresNotRedrivable = this.#broken.length;
    items.failuresNotRedrivable = this.#failedItems;
  }

  /** Lets go of what a redrive would need. */
  release(): void {
    this.waiting.release();
    this.#again = [];
    this.#broken = [];
  }

  /** Runs until all have ended. @returns what cut it short, when something did */
  async run(
    branch: Branch,
    inputs: AsyncIterable<readonly ChildInput[]>,
    results: Results,
  ): Promise<Halted | undefined> {
    let halted: Halted | undefined;
    const halt = (reason: unknown) => {
      if (halted !== undefined) return;
      halted = { reason };
      for (const { execution } of this.#running) execution?.stop();
      this.waiting.look();
      this.look();
    };
    const interrupt = () => halt(new Interrupted());
    branch.signal.addEventListener("abort", interrupt, { once: true });
    if (branch.signal.aborted) interrupt();
    let reading = !this.waiting.complete;
    if (reading) {
      const stopped = () => halted !== undefined;
      void this.waiting
        .fill(inputs, (page) => this.#taken(page), stopped)
        .catch(halt)
        .finally(() => {
          reading = false;
          this.look();
        });
    }
    for (;;) {
      if (halted === undefined && this.#tooManyFailed()) halt(thresholdExceeded());
      while (halted === undefined && this.#running.size < this.#room) {
        const child = this.#next();
        if (child === undefined) break;
        this.#begin(branch, child, results, halt);
        if (this.#begun % begunPerTurn === 0) await setImmediate();
      }
      if (this.#running.size === 0 && !reading && (halted !== undefined || this.#exhausted)) break;
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
    branch.signal.removeEventListener("abort", interrupt);
    for (const child of this.#again) this.#move(child, "aborted");
    return halted;
  }

  get #room(): number {
    return Math.min(this.#mapRun.limits.maxConcurrency || mostTogether, mostTogether);
  }

  get #exhausted(): boolean {
    return this.waiting.size === 0 && this.#again.length === 0;
  }

  #tooManyFailed(): boolean {
    const total = this.waiting.complete ? this.#mapRun.items.total : undefined;
    return exceeds(this.#mapRun.limits.tolerance, this.#failedItems, total);
  }

  #taken(page: readonly ChildInput[]): void {
    const { items, executions } = this.#mapRun;
    for (const input of page) {
      items.pending += input.items;
      items.total += input.items;
    }
    executions.pending += page.length;
    executions.total += page.length;
    this.look();
  }

  #next(): Child | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const pending = this.waiting.take();
    if (pending === undefined) return undefined;
    const { input, items } = pending;
    const index = this.#begun++;
    return {
      index,
      name: randomUUID(),
      input,
      items,
      arn: undefined,
      execution: undefined,
      place: "pending",
    };
  }

  #begin(branch: Branch, child: Child, results: Results, halt: (reason: unknown) => void): void {
    this.#running.add(child);
    this.#move(child, "running");
    const execution = this.#mapRun.begin(branch, child);
    void execution.result
      .then((outcome) => this.#ended(child, execution, outcome, results))
      .catch(halt)
      .finally(() => {
        this.#running.delete(child);
        this.look();
      });
  }

  async #ended(child: Child, execution: Execution, outcome: Outcome, results: Results): Promise<void> {
    this.#move(child, places[outcome.status]);
    if (outcome.status !== "SUCCEEDED") {
      if (this.#mapRun.processor.type === "EXPRESS") child.execution = undefined;
      this.#broken.push(child);
      this.#failedItems += child.items;
    }
    await results.add({ index: child.index, execution, outcome });
  }

  #move(child: Child, place: Place): void {
    const { items, executions } = this.#mapRun;
    items[child.place] -= child.items;
    executions[child.place] -= 1;
    child.place = place;
    items[place] += child.items;
    executions[place] += 1;
  }
}
