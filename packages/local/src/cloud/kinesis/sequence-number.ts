/** Where in a stream a sequence number points. */
export interface SequencePlace {
  /** Number of the shard, from 0. */
  readonly shard: number;
  /** How many records the shard had taken before. */
  readonly position: number;
}

/**
 * A sequence number as long as AWS's, 56 digits: the moment of the stream's creation, the record's position, its shard.
 * Within a shard a later record's is greater, as a number and as text.
 */
export function sequenceNumber(createdAt: number, { shard, position }: SequencePlace): string {
  return `49${pad(createdAt, 14)}${pad(position, 24)}${pad(shard, 16)}`;
}

/** Where a sequence number points; undefined when it is none of a stream that was created then. */
export function sequencePlace(createdAt: number, text: string): SequencePlace | undefined {
  if (!/^\d{56}$/.test(text) || text.slice(0, 16) !== `49${pad(createdAt, 14)}`) return undefined;
  return { position: Number(text.slice(16, 40)), shard: Number(text.slice(40)) };
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
