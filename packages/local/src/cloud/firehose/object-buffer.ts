import type { Clock } from "../../engine/index.ts";

/** Gathers what will be one object, until there is enough of it or it has waited long enough. */
export class ObjectBuffer {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #oldest = Number.POSITIVE_INFINITY;
  readonly #ended = new AbortController();

  /** @param full called once the time has passed; not after {@link take} */
  constructor(clock: Clock, seconds: number, full: () => void) {
    clock.sleep(seconds * 1000, this.#ended.signal).then(full, () => {});
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param arrivedAt when the record came, in milliseconds since the epoch */
  add(chunk: Buffer, arrivedAt: number): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#oldest = Math.min(this.#oldest, arrivedAt);
  }

  /** What was gathered, and when its oldest record came. Nothing is added afterwards. */
  take(): { body: Buffer; oldest: Date } {
    this.#ended.abort();
    return { body: Buffer.concat(this.#chunks), oldest: new Date(this.#oldest) };
  }
}
