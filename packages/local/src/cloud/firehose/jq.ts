import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** What a worker is asked. */
export interface JqRequest {
  /** JSON text. */
  readonly input: string;
  readonly filter: string;
}

/** What it answers. */
export type JqAnswer = { readonly output: string } | { readonly failure: string };

/** Each call leaves its arguments on jq's stack of 64 KiB: a new jq begins well before that is full. */
const CALLS = 50;

/** jq in a thread of its own, one call at a time. It is a megabyte of WebAssembly, loaded with the first call. */
export class Jq {
  #worker: Worker | undefined;
  #calls = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @returns the outputs, a line of JSON each; or what jq has against the filter, and what broke it */
  run(request: JqRequest): Promise<JqAnswer> {
    const answer = this.#last.then(() => this.#call(request));
    this.#last = answer;
    return answer;
  }

  async #call(request: JqRequest): Promise<JqAnswer> {
    if (this.#calls === CALLS) await this.close();
    this.#worker ??= this.#start();
    this.#calls += 1;
    const answered: Promise<JqAnswer[]> = once(this.#worker, "message");
    this.#worker.postMessage(request);
    const answer = await answered.then(
      ([only]) => only ?? { failure: "jq gave no answer" },
      (broken: unknown) => ({ failure: String(broken) }),
    );
    // What is left of it may be of no use.
    if ("failure" in answer) await this.close();
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./jq-worker.ts", import.meta.url));
    // It keeps no process alive that has nothing else to do.
    worker.unref();
    return worker;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#calls = 0;
    await worker?.terminate();
  }
}
