import type { ChildInput } from "./item-batcher.ts";

/** So much is read ahead of the child executions that run: then reading waits for them. */
const maxInputs = 10_000;
const maxBytes = 64 * 1024 * 1024;

/**
 * The inputs that no child execution has been started for. What was read and not used stays for a redrive, which reads
 * on where reading stopped: a dataset is never in memory as a whole, unless it is small.
 */
export class PendingInputs {
  /** How many were ever read. */
  read = 0;
  /** Whether there are no more to read. */
  complete = false;
  #queue: ChildInput[] = [];
  #first = 0;
  #bytes = 0;
  #room = Promise.withResolvers<void>();

  get size(): number {
    return this.#queue.length - this.#first;
  }

  /**
   * Reads to the end, unless `stopped` says that nothing more is wanted.
   * @param source gives every input, those that were read before too
   * @param taken is called for each new page
   */
  async fill(
    source: AsyncIterable<readonly ChildInput[]>,
    taken: (page: readonly ChildInput[]) => void,
    stopped: () => boolean,
  ): Promise<void> {
    let known = this.read;
    for await (const page of source) {
      const fresh = page.slice(Math.min(known, page.length));
      known -= page.length - fresh.length;
      for (const input of fresh) {
        this.#queue.push(input);
        this.#bytes += input.bytes;
      }
      this.read += fresh.length;
      taken(fresh);
      while (!stopped() && (this.size >= maxInputs || this.#bytes >= maxBytes)) await this.#room.promise;
      if (stopped()) return;
    }
    this.complete = true;
  }

  take(): ChildInput | undefined {
    const input = this.#queue[this.#first];
    if (input === undefined) return undefined;
    this.#first += 1;
    this.#bytes -= input.bytes;
    if (this.#first >= 1024 && this.#first * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    this.look();
    return input;
  }

  /** Has reading look again whether it may go on. */
  look(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }

  /** Lets go of those in memory. */
  release(): void {
    this.#queue = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  /** Those in memory. */
  *waiting(): Generator<ChildInput> {
    for (let at = this.#first; at < this.#queue.length; at++) {
      const input = this.#queue[at];
      if (input !== undefined) yield input;
    }
  }
}
