import { type InteractionEvent, utcMoment } from "@penstock/contracts";
import { AheadOfTime } from "./ahead-of-time.ts";
import { NotTaken } from "./not-taken.ts";
import { TooManyDays } from "./too-many-days.ts";

/** An interaction on its way into the stream. */
export interface StreamRecord {
  /** Records of one key go into one shard. */
  readonly key: string;
  /** One line of JSON, without its end. */
  readonly line: string;
}

export interface InteractionSink {
  /** Puts records into the stream. @returns the places in the list of those that it was too busy for */
  put(records: readonly StreamRecord[]): Promise<readonly number[]>;
  /** @param milliseconds to wait */
  wait(milliseconds: number): Promise<unknown>;
  /** @returns milliseconds since the epoch */
  now(): number;
}

/** What one batch may have. */
export interface BatchLimits {
  /** How far ahead of ours a sender's clock may be; landing would reject what lies later. */
  readonly clockSkewMinutes: number;
  /**
   * Different days in UTC. Each is a partition of the delivery, which keeps few of them open at once and puts aside what is
   * of others, hours after the sender was told that all is well.
   */
  readonly batchDays: number;
}

/** Waits before what was left over is sent again, in milliseconds, four seconds in all: the caller waits for them too. */
const WAITS = [100, 300, 900, 2700];

/**
 * Sends interactions into the stream, their moments in UTC, a person's into one shard. What the stream is too busy for is
 * sent again, which may bring an interaction in twice, and after later ones: cleaning keeps one of an `interaction_id`, and features
 * go by the moments.
 * @throws {AheadOfTime} {@link TooManyDays} {@link NotTaken}
 */
export async function sendBatch(
  events: readonly InteractionEvent[],
  sink: InteractionSink,
  { clockSkewMinutes, batchDays }: BatchLimits,
): Promise<void> {
  const records = events.map((event) => {
    const timestamp = utcMoment(event.timestamp);
    return { key: event.user_id, timestamp, line: JSON.stringify({ ...event, timestamp }) };
  });
  const latest = sink.now() + clockSkewMinutes * 60_000;
  const ahead = records.flatMap(({ timestamp }, place) => (Date.parse(timestamp) > latest ? [place] : []));
  if (ahead.length > 0) throw new AheadOfTime(ahead);
  const days = new Set(records.map(({ timestamp }) => timestamp.slice(0, 10))).size;
  if (days > batchDays) throw new TooManyDays(days, batchDays);
  let left = [...records.entries()];
  for (const wait of [0, ...WAITS]) {
    // Whoever else was refused comes again at another moment.
    if (wait > 0) await sink.wait(wait * (0.5 + Math.random() / 2));
    const refused = new Set(await sink.put(left.map(([, record]) => record)));
    left = left.filter((_, place) => refused.has(place));
    if (left.length === 0) return;
  }
  throw new NotTaken(left.map(([place]) => place));
}
