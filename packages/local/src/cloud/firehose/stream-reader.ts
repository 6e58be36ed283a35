import type { Clock } from "../../engine/index.ts";
import type { KeptRecord } from "../kinesis/shard.ts";
import type { Stream } from "../kinesis/stream.ts";

/** Records that are taken out of a shard at a time. */
const READ = { records: 1000, bytes: 4 * 1024 * 1024 };

export interface ReaderSides {
  readonly stream: Stream;
  readonly clock: Clock;
  /** Asked before each read. @throws {Error} that says why not */
  readonly mayRead: () => Promise<void>;
  readonly take: (records: readonly KeptRecord[]) => Promise<void>;
  /** Told why records stay unread. They are read when the next ones come, if that is allowed then. */
  readonly onUnreadable: (reason: unknown) => void;
}

/** Reads a data stream from its end on, whenever records come: each shard's in their order, one read at a time. */
export class StreamReader {
  readonly #sides: ReaderSides;
  /** Where the next read of each shard begins. */
  readonly #positions: Map<number, number>;
  #reading: Promise<void> | undefined;

  constructor(sides: ReaderSides) {
    this.#sides = sides;
    this.#positions = new Map(sides.stream.shards.map(({ number, end }) => [number, end]));
    sides.stream.events.on("records", () => void this.read());
  }

  get reading(): boolean {
    return this.#reading !== undefined;
  }

  /** Settles when nothing is left unread, or nothing may be read. */
  async read(): Promise<void> {
    this.#reading ??= this.#readAll();
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    const { clock, mayRead, take, onUnreadable } = this.#sides;
    const rest = clock.working?.();
    // What comes together is read together.
    await new Promise(setImmediate);
    try {
      for (let unread = this.#unread(); unread.length > 0; unread = this.#unread()) {
        await mayRead();
        for (const { shard, position } of unread) {
          const { records, next } = shard.read(position, READ);
          await take(records);
          this.#positions.set(shard.number, next);
        }
      }
    } catch (reason) {
      onUnreadable(reason);
    } finally {
      rest?.();
      this.#reading = undefined;
    }
  }

  #unread() {
    return this.#sides.stream.shards
      .map((shard) => ({ shard, position: this.#positions.get(shard.number) ?? 0 }))
      .filter(({ shard, position }) => position < shard.end);
  }
}
