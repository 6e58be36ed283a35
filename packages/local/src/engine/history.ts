import { HistoryFull } from "./failures.ts";

/**
 * One event as AWS names and numbers it. `details` has AWS's fields of that event type, with one difference:
 * `input`, `output`, `parameters` and each of `assignedVariables` are values here, and JSON text only on the wire.
 */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly type: string;
  readonly details: EventDetails | undefined;
}

export type EventDetails = Readonly<Record<string, unknown>>;

/** AWS's quota; the last event tells that it was reached. */
export const maxHistoryEvents = 25_000;

/** The events of one execution, in the order in which they happened. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #now: () => number;
  readonly #limit: number;
  readonly #onEvent: ((event: HistoryEvent) => void) | undefined;

  constructor(now: () => number, limit: number, onEvent?: (event: HistoryEvent) => void) {
    this.#now = now;
    this.#limit = limit;
    this.#onEvent = onEvent;
  }

  /** Whether only the last event still fits. */
  get full(): boolean {
    return this.events.length >= this.#limit - 1;
  }

  /** Adds an event and returns its id. @throws HistoryFull when only room for the last event is left. */
  append(type: string, previousEventId: number, details?: EventDetails): number {
    if (this.full) throw new HistoryFull();
    return this.appendLast(type, previousEventId, details);
  }

  /** Adds the event that ends (or redrives) an execution: always has room. */
  appendLast(type: string, previousEventId: number, details?: EventDetails): number {
    const id = this.events.length + 1;
    const event = { id, previousEventId, timestamp: this.#now(), type, details };
    this.events.push(event);
    this.#onEvent?.(event);
    return id;
  }
}
