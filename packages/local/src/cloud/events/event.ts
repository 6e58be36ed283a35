import { randomUUID } from "node:crypto";

/** An event as EventBridge hands it to rules and targets. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 to the second, UTC. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an event is made of; the rest follows from the cloud. */
export interface EventFacts {
  readonly "detail-type": string;
  readonly source: string;
  readonly resources?: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  readonly time?: Date;
}

/** `2026-01-31T08:00:00Z` */
export function toSecond(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Completes an event with id, time, account and region. */
export function makeEvent(facts: EventFacts, place: { account: string; region: string }): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": facts["detail-type"],
    source: facts.source,
    account: place.account,
    time: toSecond(facts.time ?? new Date()),
    region: place.region,
    resources: facts.resources ?? [],
    detail: facts.detail,
  };
}
