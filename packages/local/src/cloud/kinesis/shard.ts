import type { HashRange } from "./hash-range.ts";

/** A record as a shard keeps it. */
export interface KeptRecord {
  readonly partitionKey: string;
  readonly data: Buffer;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** Records of a shard from a position on. */
export interface ReadRecords {
  /** Of the first record that is given: a later one than was asked for, where what was before has been trimmed. */
  readonly from: number;
  readonly records: readonly KeptRecord[];
  /** Where the next read begins. */
  readonly next: number;
  /** How old the oldest record is that is there and not given; 0 when all are. */
  readonly behindMs: number;
}

/** One shard: records in the order in which they came, each at a position that counts from 0. */
export class Shard {
  readonly number: number;
  readonly range: HashRange;
  readonly #records: KeptRecord[] = [];
  /** Position of the first that is kept. */
  #first = 0;

  constructor(number: number, range: HashRange) {
    this.number = number;
    this.range = range;
  }

  get id(): string {
    return `shardId-${String(this.number).padStart(12, "0")}`;
  }

  /** Where the next record will be. */
  get end(): number {
    return this.#first + this.#records.length;
  }

  /** @returns the record's position */
  append(record: KeptRecord): number {
    this.#records.push(record);
    return this.end - 1;
  }

  /** Forgets what came before a moment, in milliseconds since the epoch. */
  trim(before: number): void {
    const kept = this.#records.findIndex(({ arrivedAt }) => arrivedAt >= before);
    const gone = kept === -1 ? this.#records.length : kept;
    this.#records.splice(0, gone);
    this.#first += gone;
  }

  /** The position of the first record that came at a moment or later. */
  positionAt(moment: number): number {
    const found = this.#records.findIndex(({ arrivedAt }) => arrivedAt >= moment);
    return found === -1 ? this.end : this.#first + found;
  }

  /** @param bytes of data at most; the first record is given whatever it has */
  read(position: number, most: { readonly records: number; readonly bytes: number }): ReadRecords {
    const from = Math.max(position, this.#first);
    const records: KeptRecord[] = [];
    let bytes = 0;
    for (const record of this.#records.slice(from - this.#first, from - this.#first + most.records)) {
      bytes += record.data.length;
      if (bytes > most.bytes && records.length > 0) break;
      records.push(record);
    }
    const next = from + records.length;
    const waiting = this.#records[next - this.#first];
    return { from, records, next, behindMs: waiting === undefined ? 0 : Date.now() - waiting.arrivedAt };
  }
}
