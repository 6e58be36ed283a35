import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../engine/index.ts";
import type { ProcessKeeper } from "../process-keeper.ts";
import { FunctionLog } from "./function-log.ts";
import type { LocalFunction } from "./local-function.ts";
import { type InvocationResult, Sandbox } from "./sandbox.ts";
import { Turns } from "./turns.ts";

/** A finished invocation with what it printed. */
export type Invocation = InvocationResult & { readonly requestId: string; readonly log: string };

/** Whose turns an invocation takes: an HTTP request's, or everybody's. */
export type TurnKind = "any" | "http";

export interface FleetOptions {
  /** Invocations that run at the same time, over all functions; the others wait for their turn. */
  readonly concurrency: number;
  /** Of those that answer an HTTP request, which may wait long for what others do: they have turns of their own. */
  readonly httpConcurrency: number;
  /** Holds the sandboxes' `/tmp`. */
  readonly temporaryDirectory: string;
  readonly keeper: ProcessKeeper;
  /** One log file per function goes here. */
  readonly logDirectory: string | undefined;
  /** Is told that functions work: also those that no task waits for may answer one. */
  readonly clock: Clock;
}

/**
 * Warm sandboxes beyond this many per running one are ended, the longest idle first: each is a whole process, of which 110 to
 * 160 MB are its own.
 */
const IDLE_PER_RUNNING = 3;

/**
 * As many are kept on every machine. One execution of the feature pipeline runs ten functions in turn, and with fewer places
 * than that each of them is ended just before it is wanted again: every invocation a cold start, of about a second.
 */
const LEAST_IDLE = 12;

/** All sandboxes of the cloud: reused while they live, as many at work as the machine can bear. */
export class FunctionFleet {
  readonly #options: FleetOptions;
  readonly #idle = new Map<string, Sandbox[]>();
  readonly #all = new Set<Sandbox>();
  readonly #logs = new Map<string, FunctionLog>();
  readonly #turns: Turns;
  readonly #httpTurns: Turns;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#turns = new Turns(options.concurrency);
    this.#httpTurns = new Turns(options.httpConcurrency);
  }

  /** Invocations at work and waiting for their turn. */
  get pending(): number {
    const kinds = [this.#turns, this.#httpTurns];
    return kinds.reduce((sum, { running, waiting }) => sum + running + waiting, 0);
  }

  /** Settles when few invocations wait for their turn. */
  quiet(): Promise<void> {
    return this.#turns.quiet();
  }

  /** Process ids of the living sandboxes. */
  get pids(): number[] {
    return [...this.#all].filter((sandbox) => sandbox.alive).flatMap((sandbox) => sandbox.pid ?? []);
  }

  log(functionName: string): FunctionLog {
    const known = this.#logs.get(functionName);
    if (known !== undefined) return known;
    const log = new FunctionLog(functionName, this.#options.logDirectory);
    this.#logs.set(functionName, log);
    return log;
  }

  /** Runs an event (JSON text) in a sandbox of the function. Its time limit starts when its turn has come. */
  async invoke(local: LocalFunction, event: string, turns: TurnKind = "any"): Promise<Invocation> {
    const requestId = randomUUID();
    const ended = this.#options.clock.working?.();
    try {
      return await this.#invoke(local, event, requestId, turns === "http" ? this.#httpTurns : this.#turns);
    } finally {
      ended?.();
    }
  }

  async #invoke(local: LocalFunction, event: string, requestId: string, turns: Turns): Promise<Invocation> {
    if (!(await turns.take(local.functionName))) throw new Error("The local cloud is closed.");
    try {
      const log = this.log(local.functionName);
      const start = log.position;
      log.write(`START RequestId: ${requestId} Version: $LATEST\n`);
      const sandbox = this.#take(local, log);
      const began = performance.now();
      const result = await sandbox.invoke(event, requestId);
      // The last lines it printed and its answer come over two pipes.
      await turn();
      if (result.outcome === "failed") {
        log.write(`${requestId} ERROR Invoke Error ${JSON.stringify(result.error)}\n`);
      }
      const duration = `${(performance.now() - began).toFixed(2)} ms`;
      const memory = `Memory Size: ${local.memoryMb} MB Max Memory Used: ${Math.ceil(sandbox.peakMb)} MB`;
      log.write(
        `END RequestId: ${requestId}\nREPORT RequestId: ${requestId} Duration: ${duration} ${memory}\n`,
      );
      this.#giveBack(local, sandbox);
      return { ...result, requestId, log: log.since(start) };
    } finally {
      turns.giveBack(local.functionName);
    }
  }

  #take(local: LocalFunction, log: FunctionLog): Sandbox {
    const idle = this.#idle.get(local.functionName) ?? [];
    for (let sandbox = idle.pop(); sandbox !== undefined; sandbox = idle.pop()) {
      if (sandbox.alive) return sandbox;
      this.#all.delete(sandbox);
    }
    const sandbox = new Sandbox(local, this.#options.temporaryDirectory, this.#options.keeper, (text) =>
      log.write(text),
    );
    this.#all.add(sandbox);
    return sandbox;
  }

  #giveBack(local: LocalFunction, sandbox: Sandbox): void {
    if (!sandbox.alive) {
      this.#all.delete(sandbox);
      return;
    }
    const idle = this.#idle.get(local.functionName) ?? [];
    idle.push(sandbox);
    this.#idle.set(local.functionName, idle);
    const everyIdle = [...this.#idle.values()].flat();
    if (everyIdle.length <= Math.max(LEAST_IDLE, this.#options.concurrency * IDLE_PER_RUNNING)) return;
    const oldest = everyIdle.reduce((left, right) => (left.lastUsed <= right.lastUsed ? left : right));
    for (const sandboxes of this.#idle.values()) {
      const at = sandboxes.indexOf(oldest);
      if (at !== -1) sandboxes.splice(at, 1);
    }
    this.#all.delete(oldest);
    void oldest.end();
  }

  /** Ends every sandbox, also those at work. */
  async close(): Promise<void> {
    this.#turns.close();
    this.#httpTurns.close();
    await Promise.all([...this.#all].map((sandbox) => sandbox.end()));
  }
}
