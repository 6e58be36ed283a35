import type { StateRun, StateStatus } from "@penstock/contracts";
import type { HistoryEvent } from "./port.ts";

/** One stay in a state while the history is read. */
interface Stay {
  readonly name: string;
  readonly type: string;
  readonly enteredAt: Date;
  readonly within: Stay | undefined;
  exitedAt: Date | undefined;
  /** Where the last try failed: when, and by which error. */
  failure: { readonly at: Date; readonly error: string | null } | undefined;
  aborted: Date | undefined;
  tries: number;
}

const entry = /^(\w+)StateEntered$/;
const exit = /^\w+StateExited$/;
/** A try of a task, of the branches of a Parallel or of the iterations of a Map begins. */
const attempt = /^((Task|LambdaFunction|Activity)Scheduled|(Parallel|Map)StateStarted)$/;
const failed =
  /^((Task|LambdaFunction|Activity)(Failed|TimedOut|ScheduleFailed|StartFailed|SubmitFailed)|(Parallel|Map)StateFailed|EvaluationFailed)$/;
const succeeded = /^((Task|LambdaFunction|Activity)Succeeded|(Parallel|Map)StateSucceeded)$/;
const aborted = /^\w+StateAborted$/;

/**
 * Every stay in a state, in the order of entry, from an execution's history.
 *
 * Events hang on the one before them in their own branch (`previousEventId`), so the states that an event lies in are
 * known from the event that it hangs on, however the events of parallel branches are mixed.
 *
 * @param stoppedAt when the execution ended; undefined while it runs
 */
export function timeline(history: readonly HistoryEvent[], stoppedAt: Date | undefined): StateRun[] {
  const stays: Stay[] = [];
  /** The innermost state in which each event leaves its branch. */
  const inside = new Map<number, Stay | undefined>();
  const redrives = new Set<number>();
  for (const event of history) {
    let stay = inside.get(event.previousEventId);
    const [, entered] = entry.exec(event.type) ?? [];
    if (entered !== undefined) {
      stay = enter(event, entered, stay);
      stays.push(stay);
    } else if (exit.test(event.type)) {
      const left = named(stay, event.state) ?? stays.findLast((each) => each.name === event.state);
      if (left !== undefined) {
        left.exitedAt = event.at;
        left.failure ??= failureWithin(stay, left);
      }
      stay = left?.within;
    } else if (event.type === "ExecutionRedriven") {
      redrives.add(event.id);
    } else if (event.type === "EvaluationFailed") {
      // Right at the entry it hangs on the event before, so the state is found by its name.
      stay = stays.findLast((each) => each.name === event.state && each.exitedAt === undefined) ?? stay;
      fail(stay, event);
    } else if (event.type === "ExecutionFailed") {
      // What fails before its work begins (a wrong expression, a runtime error) has no event of its own.
      if (stay !== undefined)
        stay.failure = {
          at: stay.failure?.at ?? event.at,
          error: stay.failure?.error ?? event.error ?? null,
        };
    } else if (failed.test(event.type)) {
      stay = carrier(stay, event.type);
      fail(stay, event);
    } else if (attempt.test(event.type) && stay !== undefined) {
      // What a redrive does is no retry.
      if (!redrives.has(event.previousEventId)) stay.tries += 1;
      stay.failure = undefined;
    } else if (succeeded.test(event.type)) {
      stay = carrier(stay, event.type);
      if (stay !== undefined) stay.failure = undefined;
    } else if (aborted.test(event.type) && stay !== undefined && stay.failure === undefined) {
      stay.aborted = event.at;
    }
    inside.set(event.id, stay);
  }
  return stays.map((stay) => report(stay, stoppedAt));
}

function enter(event: HistoryEvent, type: string, within: Stay | undefined): Stay {
  return {
    name: event.state ?? "",
    type,
    enteredAt: event.at,
    within,
    exitedAt: undefined,
    // A Fail state fails by being entered; its error stands in the event that follows.
    failure: type === "Fail" ? { at: event.at, error: null } : undefined,
    aborted: undefined,
    tries: 0,
  };
}

/** The state of that name around a branch's end. */
function named(stay: Stay | undefined, name: string | undefined): Stay | undefined {
  for (let each = stay; each !== undefined; each = each.within) if (each.name === name) return each;
  return undefined;
}

/** The failure of a branch's state that was never left, by which the state around it ended. */
function failureWithin(innermost: Stay | undefined, around: Stay): Stay["failure"] {
  for (let each = innermost; each !== undefined && each !== around; each = each.within) {
    if (each.failure !== undefined) return each.failure;
  }
  return undefined;
}

/** The Parallel or Map that an event on its branches' end tells of; otherwise the state itself. */
function carrier(stay: Stay | undefined, eventType: string): Stay | undefined {
  const [, type] = /^(Parallel|Map)State/.exec(eventType) ?? [];
  if (type === undefined) return stay;
  for (let each = stay; each !== undefined; each = each.within) if (each.type === type) return each;
  return stay;
}

function fail(stay: Stay | undefined, event: HistoryEvent): void {
  if (stay !== undefined) stay.failure = { at: event.at, error: event.error ?? null };
}

function report(stay: Stay, stoppedAt: Date | undefined): StateRun {
  const [status, endedAt] = ending(stay, stoppedAt);
  return {
    name: stay.name,
    type: stay.type,
    status,
    entered_at: stay.enteredAt.toISOString(),
    exited_at: endedAt?.toISOString() ?? null,
    duration_ms: endedAt === undefined ? null : Math.max(0, endedAt.getTime() - stay.enteredAt.getTime()),
    retries: Math.max(0, stay.tries - 1),
    error: stay.failure?.error ?? null,
  };
}

function ending(stay: Stay, stoppedAt: Date | undefined): [StateStatus, Date | undefined] {
  const { exitedAt, failure } = stay;
  if (exitedAt !== undefined) return [failure === undefined ? "SUCCEEDED" : "CAUGHT", exitedAt];
  if (stay.aborted !== undefined) return ["ABORTED", stay.aborted];
  const over = stoppedAt ?? endOf(stay.within);
  // A failure that nothing has ended yet waits for its retry.
  if (over === undefined) return ["RUNNING", undefined];
  return failure === undefined ? ["ABORTED", over] : ["FAILED", failure.at];
}

/** When what surrounds a state was left. */
function endOf(stay: Stay | undefined): Date | undefined {
  for (let each = stay; each !== undefined; each = each.within) {
    if (each.exitedAt !== undefined) return each.exitedAt;
  }
  return undefined;
}
