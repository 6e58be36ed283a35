import type { Branch } from "./branch.ts";
import { StateFailure, stateErrors } from "./failures.ts";
import type { Fields } from "./fields.ts";
import { type Result, resultFields, type Step, type Target } from "./state.ts";

interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

interface Catcher extends Result {
  readonly errors: readonly string[];
  readonly next: string;
}

/** The `Retry` and `Catch` of a Task, Parallel or Map state. */
export interface Recovery {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  readonly targets: readonly Target[];
}

const retryFields = new Set([
  "Comment",
  "ErrorEquals",
  "IntervalSeconds",
  "MaxAttempts",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
]);
const catchFields = new Set(["Comment", "ErrorEquals", "Next", "Output", "Assign"]);

export function recoveryFields(fields: Fields, outerVariables: ReadonlySet<string>): Recovery {
  const retriers = fields.objects("Retry").map((retry) => {
    retry.refuseAllBut(retryFields);
    const jitter = retry.string("JitterStrategy") ?? "NONE";
    if (jitter !== "NONE" && jitter !== "FULL")
      retry.note("The value must be 'NONE' or 'FULL'", "JitterStrategy");
    const intervalSeconds = retry.number("IntervalSeconds", 1, 99_999_999) ?? 1;
    const maxDelaySeconds = retry.number("MaxDelaySeconds", 1, 31_622_399) ?? Number.POSITIVE_INFINITY;
    if (maxDelaySeconds <= intervalSeconds) {
      retry.note("The value must be greater than IntervalSeconds", "MaxDelaySeconds");
    }
    return {
      errors: errorNames(retry),
      intervalSeconds,
      maxAttempts: retry.number("MaxAttempts", 0, 99_999_999) ?? 3,
      backoffRate: retry.number("BackoffRate", 1, Number.MAX_VALUE, false) ?? 2,
      maxDelaySeconds,
      fullJitter: jitter === "FULL",
    };
  });
  const catchers = fields.objects("Catch").map((catcher) => {
    catcher.refuseAllBut(catchFields);
    catcher.required(...["Next"]);
    return {
      errors: errorNames(catcher),
      next: catcher.string("Next") ?? "",
      ...resultFields(catcher, outerVariables),
    };
  });
  for (const [field, list] of [
    ["Retry", retriers],
    ["Catch", catchers],
  ] as const) {
    const all = list.findIndex(({ errors }) => errors.includes(stateErrors.all));
    if (all !== -1 && all !== list.length - 1)
      fields.note("'States.ALL' must be the last", `${field}[${all}]`);
  }
  return {
    retriers,
    catchers,
    targets: catchers.map(({ next }, index) => ({ name: next, field: `Catch[${index}]/Next` })),
  };
}

function errorNames(fields: Fields): readonly string[] {
  const names = fields.strings("ErrorEquals");
  if (names.length === 0) fields.note("'ErrorEquals' must name at least one error", "ErrorEquals");
  if (names.length > 1 && names.includes(stateErrors.all)) {
    fields.note("'States.ALL' must stand alone", "ErrorEquals");
  }
  return names;
}

/** Errors that no wildcard matches: they can only be named, and `States.Runtime` not even that. */
const beyondAll: ReadonlySet<string | undefined> = new Set([
  stateErrors.dataLimitExceeded,
  stateErrors.runtime,
]);

/** Whether a retrier or catcher that names `errors` is for this failure. */
export function matches(errors: readonly string[], failure: StateFailure): boolean {
  const { error } = failure;
  if (error === stateErrors.runtime) return false;
  return errors.some((name) => {
    if (name === error) return true;
    if (name === stateErrors.all) return !beyondAll.has(error);
    if (name === stateErrors.taskFailed) return !beyondAll.has(error) && error !== stateErrors.timeout;
    return name === stateErrors.heartbeatTimeout && failure.missedHeartbeat;
  });
}

/** Seconds to wait before a retry; `attempt` counts from 0. */
function delaySeconds(retrier: Retrier, attempt: number, random: () => number): number {
  const delay = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempt, retrier.maxDelaySeconds);
  return retrier.fullJitter ? delay * random() : delay;
}

/**
 * Attempts what a state does until it works, a retrier gives up, or a catcher takes over.
 * `failed` is called once it has finally failed, before any catcher.
 */
export async function withRecovery(
  branch: Branch,
  { retriers, catchers }: Recovery,
  attempt: () => Promise<Step>,
  failed?: () => void,
): Promise<Step> {
  const retries = new Map<Retrier, number>();
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof StateFailure)) throw thrown;
      branch.checkpoint();
      const retrier = retriers.find(({ errors }) => matches(errors, thrown));
      const { trial } = branch.run;
      const before = (retrier && retries.get(retrier)) ?? trial?.retriesBefore ?? 0;
      if (retrier !== undefined && before < retrier.maxAttempts) {
        retries.set(retrier, before + 1);
        const delay = delaySeconds(retrier, before, branch.run.random);
        trial?.retrying(thrown, retriers.indexOf(retrier), delay);
        await branch.run.clock.sleep(delay * 1000, branch.signal);
        branch.retryCount += 1;
        branch.progress = undefined;
        branch.changed();
        continue;
      }
      failed?.();
      const catcher = catchers.find(({ errors }) => matches(errors, thrown));
      if (catcher === undefined) throw thrown;
      trial?.catching(thrown, catchers.indexOf(catcher));
      const errorOutput = { Error: thrown.error ?? null, Cause: thrown.failureCause ?? null };
      return branch.leave(catcher.next, catcher, errorOutput, { errorOutput });
    }
  }
}
