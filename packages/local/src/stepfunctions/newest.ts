import type { ExecutionRecord } from "./execution-record.ts";

/** So many events an execution may have on average: most have a few dozen, and one may have 25,000. */
const eventsEach = 250;

/** The newest of those executions that ended in one way: so many of them, or fewer when their histories are long. */
export class Newest {
  /** With the events that are counted for each; the oldest first. */
  readonly #records = new Map<ExecutionRecord, number>();
  readonly #limit: number;
  #events = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns those that are too many now */
  add(record: ExecutionRecord): ExecutionRecord[] {
    this.delete(record);
    const { length } = record.execution.history;
    this.#records.set(record, length);
    this.#events += length;
    const tooMany: ExecutionRecord[] = [];
    for (const oldest of this.#records.keys()) {
      // The newest stays however long it is: somebody is about to ask how it ended.
      const long = this.#events > this.#limit * eventsEach && this.#records.size > 1;
      if (this.#records.size <= this.#limit && !long) break;
      this.delete(oldest);
      tooMany.push(oldest);
    }
    return tooMany;
  }

  delete(record: ExecutionRecord): void {
    this.#events -= this.#records.get(record) ?? 0;
    this.#records.delete(record);
  }
}
