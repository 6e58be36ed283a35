import { setTimeout as sleep } from "node:timers/promises";
import { type Executions, NotRedrivable } from "@penstock/runtime/executions";
import type { BackfillSlice } from "./estimate-backfill.ts";
import { outcomeOf } from "./outcome.ts";

/** A slice's days are landed and validated ahead of their turn, or made into features when it comes. */
export type BackfillStep = "validation" | "features";

/** What became of one step of a slice. */
export interface Backfilled {
  readonly from: string;
  readonly to: string;
  readonly step: BackfillStep;
  readonly how: "ran" | "redriven" | "done before";
  readonly execution: string;
  /** What the execution says of itself, as VALIDATED or EMPTY, or how it failed. */
  readonly status: string;
  /** Nothing is left to do: EMPTY days, which have objects without a line, are done as well. */
  readonly done: boolean;
}

/** The errors of the machine's Fail states: a redrive would end there again. Other data, or other limits, are another execution. */
export const FINAL: ReadonlySet<string> = new Set([
  "ValidationFailed",
  "FeaturesAllNull",
  "ParityBroken",
  "RawKeepsChanging",
]);

/** Longest between two tries while another execution works on the same days, milliseconds. */
const LONGEST_WAIT = 300_000;

type SliceDays = Pick<BackfillSlice, "from" | "to">;

/** What a slice is worked on with. */
export interface BackfillTools {
  readonly executions: Pick<Executions, "start" | "show" | "status" | "redrive">;
  /** Between two looks at an execution, milliseconds. */
  readonly pollMs: number;
  /** Whether all days of a slice are current as their raw objects are now. */
  isCurrent(slice: SliceDays): Promise<boolean>;
}

/**
 * Takes one step of a slice to its end. Its execution's name is of its days, so that a second call finds the first one's:
 * one that runs is waited for, one that failed is redriven. The next name is taken after one that cannot be redriven; after one that
 * coalesced, when some time has passed; and after one that succeeded though the days are still stale, which is of objects that
 * have changed since. One that succeeded after the plan was made is no reason to do its days again. What was validated once is
 * not validated again: the features' own execution does so with what has changed.
 */
export async function backfillSlice(
  { executions, pollMs, isCurrent }: BackfillTools,
  { from, to }: SliceDays,
  step: BackfillStep,
): Promise<Backfilled> {
  const input = { mode: "range", start_date: from, end_date: to };
  const asked = step === "validation" ? { ...input, validate_only: true } : input;
  let wait = pollMs;
  for (let attempt = 1; ; attempt++) {
    const name = `backfill-${from}-${to}${step === "validation" ? "-validation" : ""}${attempt === 1 ? "" : `-${attempt}`}`;
    const { id, status, redrives } = await executions.start("feature-pipeline", asked, name);
    const is = { from, to, step, execution: id };
    if (status === "SUCCEEDED") {
      if (step === "features" && !(await isCurrent({ from, to }))) continue;
      const said = await outcome(executions, id);
      if (said === "COALESCED") continue;
      return { ...is, how: "done before", status: said, done: true };
    }
    const redriven = status !== "RUNNING";
    if (redriven && !(await goesOn(executions, id))) continue;
    const ended = await ending(executions, id, redriven ? redrives + 1 : redrives, pollMs);
    const said = ended === "SUCCEEDED" ? await outcome(executions, id) : ended;
    if (said !== "COALESCED")
      return { ...is, how: redriven ? "redriven" : "ran", status: said, done: ended === "SUCCEEDED" };
    await sleep(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** Takes up an execution that failed. @returns false when it would end in the same way, or is too old */
async function goesOn(executions: BackfillTools["executions"], id: string): Promise<boolean> {
  const { error } = await executions.show(id);
  if (FINAL.has(error ?? "")) return false;
  try {
    await executions.redrive(id);
    return true;
  } catch (reason) {
    if (reason instanceof NotRedrivable) return false;
    throw reason;
  }
}

/** Waits for an execution's end: after a redrive for the next one, since the old one is told for a moment more. */
async function ending(
  executions: BackfillTools["executions"],
  id: string,
  redrives: number,
  pollMs: number,
): Promise<string> {
  for (;;) {
    const now = await executions.status(id);
    if (now.status !== "RUNNING" && now.redrives >= redrives) return now.status;
    await sleep(pollMs);
  }
}

/** What an execution that succeeded says that it did. */
async function outcome(executions: BackfillTools["executions"], id: string): Promise<string> {
  return outcomeOf((await executions.show(id)).output);
}
