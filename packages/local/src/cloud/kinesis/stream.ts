import { EventEmitter } from "node:events";
import { AwsError } from "../gateway/aws-error.ts";
import type { WantedStream } from "../program/streams.ts";
import { type HashRange, hashKeyOf, hashRanges } from "./hash-range.ts";
import { sequenceNumber, sequencePlace } from "./sequence-number.ts";
import { Shard } from "./shard.ts";

/** A record on its way into a stream. */
export interface NewRecord {
  readonly partitionKey: string;
  /** Instead of the partition key's own. */
  readonly hashKey: bigint | undefined;
  readonly data: Buffer;
}

/** Where a record went. */
export interface PlacedRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/**
 * A data stream: its shards stand from its creation on and are never split or merged. How much a shard takes in a second
 * is not bounded here: nothing is throttled.
 */
export class Stream {
  readonly wanted: WantedStream;
  readonly createdAt = Date.now();
  readonly shards: readonly Shard[];
  readonly #ranges: readonly HashRange[];
  /** Emits `records` when some have come. */
  readonly events = new EventEmitter<{ records: [] }>();

  constructor(wanted: WantedStream) {
    this.wanted = wanted;
    this.#ranges = hashRanges(wanted.shards);
    this.shards = this.#ranges.map((range, number) => new Shard(number, range));
  }

  put(record: NewRecord): PlacedRecord {
    const shard = this.#shardOf(record.hashKey ?? hashKeyOf(record.partitionKey));
    const now = Date.now();
    shard.trim(now - this.wanted.retentionHours * 3_600_000);
    const position = shard.append({ partitionKey: record.partitionKey, data: record.data, arrivedAt: now });
    this.events.emit("records");
    return { shardId: shard.id, sequenceNumber: this.sequenceNumber(shard, position) };
  }

  sequenceNumber(shard: Shard, position: number): string {
    return sequenceNumber(this.createdAt, { shard: shard.number, position });
  }

  /** @throws {AwsError} ResourceNotFoundException */
  shard(id: string, account: string): Shard {
    const found = this.shards.find((shard) => shard.id === id);
    if (found !== undefined) return found;
    throw new AwsError(
      "ResourceNotFoundException",
      `Shard ${id} in stream ${this.wanted.name} under account ${account} does not exist`,
    );
  }

  /** The position that a sequence number of one of the stream's shards stands for. @throws {AwsError} InvalidArgumentException */
  position(shard: Shard, sequence: string, account: string): number {
    const place = sequencePlace(this.createdAt, sequence);
    if (place?.shard === shard.number) return place.position;
    throw new AwsError(
      "InvalidArgumentException",
      `StartingSequenceNumber ${sequence} used in GetShardIterator on shard ${shard.id} in stream ${this.wanted.name} under account ${account} is invalid because it did not come from this stream.`,
    );
  }

  #shardOf(hashKey: bigint): Shard {
    const shard = this.shards.findLast(({ range }) => range.start <= hashKey);
    if (shard === undefined) throw new Error(`No shard takes the hash key ${hashKey}.`);
    return shard;
  }
}
