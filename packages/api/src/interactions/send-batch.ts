import { type InteractionEvent, utcMoment } from "@penstock/contracts";
import { NotTaken } from "./not-taken.ts";

/** An interaction on its way into the stream. */
export interface StreamRecord {
  /** Records of one key stay in their order. */
  readonly key: string;
  /** One line of JSON, without its end. */
  readonly line: string;
}

export interface InteractionSink {
  /** Puts records into the stream. @returns the places in the list of those that it was too busy for */
  put(records: readonly StreamRecord[]): Promise<readonly number[]>;
  /** @param milliseconds to wait */
  wait(milliseconds: number): Promise<unknown>;
}

/** Waits before what was left over is sent again, in milliseconds, four seconds in all: the caller waits for them too. */
const WAITS = [100, 300, 900, 2700];

/**
 * Sends interactions into the stream, their moments in UTC, a person's in the order given. What the stream is too busy for
 * is sent again, which may bring an interaction in twice: cleaning keeps one of an `interaction_id`.
 * @throws {NotTaken}
 */
export async function sendBatch(events: readonly InteractionEvent[], sink: InteractionSink): Promise<void> {
  const records = events.map((event) => ({
    key: event.user_id,
    line: JSON.stringify({ ...event, timestamp: utcMoment(event.timestamp) }),
  }));
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
