import { createHash } from "node:crypto";

/** The hash keys that a shard takes, both ends among them. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** How many hash keys there are. */
const KEYS = 2n ** 128n;

/** All hash keys, shared out evenly among so many shards. */
export function hashRanges(shards: number): HashRange[] {
  const width = KEYS / BigInt(shards);
  return Array.from({ length: shards }, (_, shard) => ({
    start: BigInt(shard) * width,
    end: shard === shards - 1 ? KEYS - 1n : BigInt(shard + 1) * width - 1n,
  }));
}

/** The hash key of a partition key: its MD5 as a number of 128 bits. */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash("md5").update(partitionKey).digest("hex")}`);
}

/** A hash key that a producer gives itself; undefined when it is none. */
export function explicitHashKey(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,38})$/.test(text)) return undefined;
  const key = BigInt(text);
  return key < KEYS ? key : undefined;
}
