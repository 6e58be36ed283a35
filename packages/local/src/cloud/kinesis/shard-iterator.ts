import * as v from "valibot";
import { AwsError } from "../gateway/aws-error.ts";

/** Where a reader of a shard goes on. */
const ShardIterator = v.strictObject({
  stream: v.string(),
  shard: v.string(),
  position: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Milliseconds since the epoch. */
  givenAt: v.number(),
});
export type ShardIterator = v.InferOutput<typeof ShardIterator>;

/** An iterator is good for so long. */
const LIFE_MS = 300_000;

export function writeIterator(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify(iterator)).toString("base64");
}

/** The iterator that a text stands for; undefined when it is none. */
export function parseIterator(text: string): ShardIterator | undefined {
  try {
    const read = v.safeParse(ShardIterator, JSON.parse(Buffer.from(text, "base64").toString()));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/** @throws {AwsError} InvalidArgumentException, ExpiredIteratorException */
export function readIterator(text: string): ShardIterator {
  const iterator = parseIterator(text);
  if (iterator === undefined) throw new AwsError("InvalidArgumentException", "Invalid ShardIterator.");
  const now = Date.now();
  if (now - iterator.givenAt <= LIFE_MS) return iterator;
  throw new AwsError(
    "ExpiredIteratorException",
    `Iterator expired. The iterator was created at time ${new Date(iterator.givenAt).toUTCString()} while right now it is ${new Date(now).toUTCString()} which is further in the future than the tolerated delay of ${LIFE_MS} milliseconds.`,
  );
}
