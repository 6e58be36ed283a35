import type { Clock } from "../../engine/index.ts";
import type { KeptRecord } from "../kinesis/shard.ts";
import type { WantedDeliveryStream } from "../program/delivery-streams.ts";
import { failedRecord, type RecordFailure } from "./failed-record.ts";
import type { Jq } from "./jq.ts";
import { ObjectBuffer } from "./object-buffer.ts";
import { partitionKeys } from "./partition-keys.ts";
import { evaluatePrefix, namedKeys, type Prefix, type PrefixFacts } from "./prefix.ts";
import { type ReaderSides, StreamReader } from "./stream-reader.ts";

/** More partitions are not open at one time. Source: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html */
const MOST_PARTITIONS = 500;

export interface DeliverySides extends Omit<ReaderSides, "take"> {
  readonly clock: Clock;
  readonly jq: Jq;
  /** Writes an object under a prefix. Never throws: what cannot be written is told of elsewhere. */
  readonly write: (prefix: string, body: Buffer) => Promise<void>;
}

/** What will be an object, and how its prefix comes out. */
interface OpenObject {
  readonly prefix: Prefix;
  readonly facts: Omit<PrefixFacts, "oldest">;
  readonly buffer: ObjectBuffer;
}

/** Gathers a data stream's records by partition and writes each partition's as objects, what failed beside them. */
export class DeliveryStream {
  readonly wanted: WantedDeliveryStream;
  readonly createdAt = new Date();
  readonly #sides: DeliverySides;
  readonly #reader: StreamReader;
  readonly #keys: readonly string[];
  readonly #delimiter: Buffer;
  /** By what they are of: the partition's keys, or the kind of failure. */
  readonly #open = new Map<string, OpenObject>();
  readonly #writing = new Set<Promise<void>>();

  constructor(wanted: WantedDeliveryStream, sides: DeliverySides) {
    this.wanted = wanted;
    this.#sides = sides;
    this.#keys = namedKeys(wanted.prefix);
    this.#delimiter = Buffer.from(wanted.delimiter);
    this.#reader = new StreamReader({ ...sides, take: (records) => this.#take(records) });
  }

  /** Reads, objects that wait for more records, and writes. */
  get pending(): number {
    return this.#open.size + this.#writing.size + (this.#reader.reading ? 1 : 0);
  }

  /** Writes all that has come, without waiting for more. */
  async flush(): Promise<void> {
    await this.#reader.read();
    for (const name of [...this.#open.keys()]) this.#deliver(name);
    await Promise.all(this.#writing);
  }

  async #take(records: readonly KeptRecord[]): Promise<void> {
    const { query } = this.wanted;
    const data = records.map((record) => record.data);
    const extracted = query === undefined ? [] : await partitionKeys(this.#sides.jq, query, data);
    for (const [index, record] of records.entries()) {
      const found = extracted[index] ?? { keys: {} };
      if ("keys" in found) this.#add(record, found.keys);
      else this.#fail(record, extractionFailed(found.failure));
    }
  }

  #add(record: KeptRecord, keys: Readonly<Record<string, string>>): void {
    const missing = this.#keys.find((key) => keys[key] === undefined);
    const name = JSON.stringify(this.#keys.map((key) => keys[key]));
    if (missing !== undefined) {
      this.#fail(record, extractionFailed(`The query gives no partition key ${missing}`));
    } else if (!this.#open.has(name) && this.#open.size >= MOST_PARTITIONS) {
      this.#fail(record, TOO_MANY_PARTITIONS);
    } else {
      const line = Buffer.concat([record.data, this.#delimiter]);
      this.#gather(name, { prefix: this.wanted.prefix, facts: { keys, errorType: "" } }, line, record);
    }
  }

  #fail(record: KeptRecord, failure: RecordFailure): void {
    const object = { prefix: this.wanted.errorPrefix, facts: { keys: {}, errorType: failure.type } };
    this.#gather(failure.type, object, failedRecord(record, failure), record);
  }

  #gather(name: string, object: Omit<OpenObject, "buffer">, line: Buffer, { arrivedAt }: KeptRecord): void {
    const { bufferBytes, bufferSeconds } = this.wanted;
    let open = this.#open.get(name);
    if (open === undefined) {
      const buffer = new ObjectBuffer(this.#sides.clock, bufferSeconds, () => this.#deliver(name));
      open = { ...object, buffer };
      this.#open.set(name, open);
    }
    open.buffer.add(line, arrivedAt);
    if (open.buffer.bytes >= bufferBytes) this.#deliver(name);
  }

  #deliver(name: string): void {
    const open = this.#open.get(name);
    if (open === undefined) return;
    this.#open.delete(name);
    const { body, oldest } = open.buffer.take();
    const rest = this.#sides.clock.working?.();
    const writing = this.#sides
      .write(evaluatePrefix(open.prefix, { ...open.facts, oldest }), body)
      .finally(() => {
        this.#writing.delete(writing);
        rest?.();
      });
    this.#writing.add(writing);
  }
}

const extractionFailed = (message: string): RecordFailure => ({
  type: "processing-failed",
  code: "DynamicPartitioning.MetadataExtractionFailed",
  message,
});

const TOO_MANY_PARTITIONS: RecordFailure = {
  type: "activePartitionExceeded",
  code: "DynamicPartitioning.ActivePartitionsExceeded",
  message: `More than ${MOST_PARTITIONS} partitions are active at one time`,
};
