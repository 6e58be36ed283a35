import type { Branch } from "./branch.ts";
import { Interrupted, StateFailure } from "./failures.ts";

/** Types of states that a failing sibling leaves unfinished, and whose events say so. */
const abortable = new Set(["Task", "Wait", "Parallel", "Map"]);

/** How the threads inside a Parallel or Map state are run together. */
export interface Together {
  readonly count: number;
  /** How many may run at the same time. */
  readonly concurrency: number;
  /** Starts the thread with this number, and emits that it started. `after` is the event that made room for it. */
  readonly begin: (index: number, after: number, signal: AbortSignal) => Branch;
  /** Runs it to its end. */
  readonly work: (child: Branch, index: number) => Promise<void>;
  readonly failed?: (child: Branch, index: number) => void;
  readonly aborted?: (child: Branch, index: number, previous: number) => void;
}

/**
 * Runs threads inside a state until all have ended or one has failed, which interrupts the others.
 * The events follow on `parent.previous`, which is left at the event on which the state's next one follows.
 * @throws StateFailure of the first thread that fails
 */
export async function runTogether(parent: Branch, together: Together): Promise<void> {
  const { count, concurrency, begin, work } = together;
  const siblings = new AbortController();
  const interrupt = () => siblings.abort(new Interrupted());
  parent.signal.addEventListener("abort", interrupt, { once: true });
  const running = new Map<number, Branch>();
  let failure: { readonly by: Branch; readonly index: number; readonly thrown: unknown } | undefined;
  let waiting = 0;
  const start = (after: number): [Branch, number] => {
    const index = waiting++;
    const child = begin(index, after, siblings.signal);
    running.set(index, child);
    return [child, index];
  };
  const lane = async (first: [Branch, number]): Promise<void> => {
    let [child, index] = first;
    // Lanes never throw, so that none is left behind when the state is over.
    try {
      for (;;) {
        await work(child, index);
        running.delete(index);
        if (waiting >= count || siblings.signal.aborted) return;
        [child, index] = start(child.previous);
      }
    } catch (thrown) {
      if (failure === undefined && !siblings.signal.aborted) failure = { by: child, index, thrown };
      interrupt();
    }
  };
  try {
    const before = parent.previous;
    const first = Array.from({ length: Math.min(count, concurrency) }, () => start(before));
    await Promise.all(first.map(lane));
    parent.checkpoint();
    if (failure !== undefined) {
      const { by, index, thrown } = failure;
      parent.previous = by.previous;
      if (thrown instanceof StateFailure) tellAborted(parent, together, running, by, index);
      throw thrown;
    }
  } finally {
    parent.signal.removeEventListener("abort", interrupt);
  }
}

/** The failed thread's events first, then those of the siblings that it interrupted, all after the failure. */
function tellAborted(
  parent: Branch,
  { failed, aborted }: Together,
  running: ReadonlyMap<number, Branch>,
  by: Branch,
  index: number,
): void {
  const { previous } = by;
  failed?.(by, index);
  tellState(parent, by, previous);
  for (const [number, child] of running) {
    if (child === by) continue;
    aborted?.(child, number, previous);
    tellState(parent, child, previous);
  }
}

function tellState(parent: Branch, child: Branch, previous: number): void {
  const type = child.at?.type ?? "";
  if (abortable.has(type)) parent.emitAside(`${type}StateAborted`, undefined, previous);
}
