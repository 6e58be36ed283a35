import { randomUUID } from "node:crypto";
import type { Branch } from "../branch.ts";
import { StateFailure, stateErrors } from "../failures.ts";
import type { ChildExecution } from "../run.ts";
import type { Flow } from "../state.ts";
import type { ChildInput } from "./item-batcher.ts";

/** When a Map Run has failed too often; without either, one failure is too many. */
export interface Tolerance {
  readonly count: number | undefined;
  /** From 0 to 100, of the items. */
  readonly percentage: number | undefined;
}

/** The child executions of one Distributed Map state; kept for a redrive, which runs those that did not succeed. */
export class MapRun {
  readonly arn: string;
  redriveCount = 0;
  #inputs: readonly ChildInput[] = [];
  readonly #flow: Flow;
  readonly #childPrefix: string;
  readonly #outputs: ({ readonly value: unknown } | undefined)[] = [];
  /** Children that ended badly. */
  readonly #broken = new Map<number, ChildExecution>();

  constructor(branch: Branch, flow: Flow, label: string | undefined) {
    const [, , , region, account] = branch.run.facts.arn.split(":");
    const name = `${branch.run.facts.machineName}/${label ?? randomUUID()}`;
    this.arn = `arn:aws:states:${region}:${account}:mapRun:${name}:${randomUUID()}`;
    this.#childPrefix = `arn:aws:states:${region}:${account}:execution:${name}`;
    this.#flow = flow;
  }

  /**
   * Runs the children that have not succeeded yet.
   * @returns the outputs of those that succeeded, in the order of the items
   * @throws StateFailure `States.ExceedToleratedFailureThreshold`
   */
  async run(branch: Branch, inputs: readonly ChildInput[] | undefined, limits: Limits): Promise<unknown[]> {
    if (inputs !== undefined) this.#inputs = inputs;
    const open = [...this.#inputs.keys()].filter((index) => this.#outputs[index] === undefined);
    const running = new Set<ChildExecution>();
    const stopAll = () => {
      for (const child of running) child.stop();
    };
    const { signal } = branch;
    signal.addEventListener("abort", stopAll, { once: true });
    let failedItems = 0;
    let exceeded = false;
    // Lanes never throw, so that none is left behind when the state is over.
    const lane = async () => {
      for (
        let index = open.shift();
        index !== undefined && !exceeded && !signal.aborted;
        index = open.shift()
      ) {
        const child = this.#start(branch, index);
        running.add(child);
        const outcome = await child.result();
        running.delete(child);
        if (outcome.status === "SUCCEEDED") {
          this.#outputs[index] = { value: outcome.output };
          continue;
        }
        this.#broken.set(index, child);
        failedItems += this.#inputs[index]?.items ?? 1;
        if (!exceeded && !signal.aborted && this.#exceeds(failedItems, limits.tolerance)) {
          exceeded = true;
          stopAll();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(limits.concurrency, open.length) }, lane));
    signal.removeEventListener("abort", stopAll);
    branch.checkpoint();
    if (exceeded) {
      throw new StateFailure(
        stateErrors.exceedToleratedFailureThreshold,
        "The specified tolerated failure threshold was exceeded",
      );
    }
    return this.#outputs.flatMap((output) => (output === undefined ? [] : [output.value]));
  }

  #start(branch: Branch, index: number): ChildExecution {
    const broken = this.#broken.get(index);
    if (broken !== undefined) {
      this.#broken.delete(index);
      broken.redrive();
      return broken;
    }
    const name = randomUUID();
    return branch.run.startChild(this.#flow, {
      arn: `${this.#childPrefix}:${name}`,
      name,
      input: this.#inputs[index]?.input,
    });
  }

  #exceeds(failedItems: number, { count, percentage }: Tolerance): boolean {
    if (count === undefined && percentage === undefined) return true;
    if (count !== undefined && failedItems > count) return true;
    const all = this.#inputs.reduce((sum, { items }) => sum + items, 0);
    return percentage !== undefined && (failedItems / all) * 100 > percentage;
  }
}

/** How many children run at the same time, and how many may fail. */
export interface Limits {
  readonly concurrency: number;
  readonly tolerance: Tolerance;
}
