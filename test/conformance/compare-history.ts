import type { HistoryEvent } from "../../packages/local/src/engine/index.ts";
import type { Case, RecordedEvent } from "./cases.ts";
import { difference } from "./compare.ts";

/** An event without its place in the history. */
interface Told {
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The first difference between a recorded history and the actual one, by the rule of the case's mode. */
export function historyDifference(one: Case, actual: readonly HistoryEvent[]): string | undefined {
  const { history, historyMode, racy } = one.expected;
  if (history === undefined || historyMode === "none") return undefined;
  if (historyMode === "exact") return exact(one, history, actual);
  if (historyMode === "branches" && racy !== true) {
    return ends(one, history, actual) ?? contained(one, history, actual, "as many events");
  }
  if (racy === true)
    return ends(one, history, actual) ?? contained(one, failingThread(history), actual, "some");
  return contained(one, history, actual, "some");
}

function exact(
  one: Case,
  history: readonly RecordedEvent[],
  actual: readonly HistoryEvent[],
): string | undefined {
  for (const [at, recorded] of history.entries()) {
    const event = actual[at];
    if (event === undefined) return `event ${recorded.id}: expected ${recorded.type}, but the history ends`;
    const places = difference(placed(recorded), placed(event), one.rules, `event ${recorded.id}`);
    const found = places ?? difference(told(recorded), toldActual(event), one.rules, `event ${recorded.id}`);
    if (found !== undefined) return found;
  }
  const extra = actual[history.length];
  return extra === undefined ? undefined : `event ${extra.id}: ${extra.type} was not recorded`;
}

function placed({ id, previousEventId, type }: { id: number; previousEventId: number; type: string }) {
  return { id, previousEventId, type };
}

function ends(
  one: Case,
  history: readonly RecordedEvent[],
  actual: readonly HistoryEvent[],
): string | undefined {
  for (const at of [0, -1]) {
    const [recorded, event] = [history.at(at), actual.at(at)];
    if (recorded === undefined || event === undefined) return "one of the histories is empty";
    const found = difference(
      told(recorded),
      toldActual(event),
      one.rules,
      at === 0 ? "first event" : "last event",
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether each recorded event is among the actual ones, each of which counts once. */
function contained(
  one: Case,
  history: readonly RecordedEvent[],
  actual: readonly HistoryEvent[],
  count: "some" | "as many events",
): string | undefined {
  const left = actual.map(toldActual);
  for (const recorded of history.map(told)) {
    const at = left.findIndex((event) => difference(recorded, event, one.rules) === undefined);
    if (at === -1) {
      const near = left.find(({ type }) => type === recorded.type);
      return `no event like ${recorded.type} (${near ? difference(recorded, near, one.rules) : "none of its type"})`;
    }
    left.splice(at, 1);
  }
  const [extra] = left;
  return count === "some" || extra === undefined
    ? undefined
    : `${extra.type} was not recorded: ${JSON.stringify(extra)}`;
}

/** The events that lead to the end: those of the branch that failed, and what came before and after it. */
function failingThread(history: readonly RecordedEvent[]): RecordedEvent[] {
  const byId = new Map(history.map((event) => [event.id, event]));
  const thread: RecordedEvent[] = [];
  for (let event = history.at(-1); event !== undefined; event = byId.get(event.previousEventId))
    thread.unshift(event);
  return thread;
}

function told(event: RecordedEvent): Told {
  const name = Object.keys(event).find((key) => key.endsWith("EventDetails"));
  const details = { ...Object(name === undefined ? {} : event[name]) };
  return { type: event.type, details: withoutRole(event.type, details) };
}

function toldActual({ type, details }: HistoryEvent): Told {
  return { type, details: withoutRole(type, details ?? {}) };
}

function withoutRole(
  type: string,
  details: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (type !== "ExecutionStarted") return details;
  const { roleArn: _, ...rest } = details;
  return rest;
}
