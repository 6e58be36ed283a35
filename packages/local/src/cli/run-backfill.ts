import { setTimeout as sleep } from "node:timers/promises";
import { type Executions, NotRedrivable } from "@penstock/runtime/executions";
import { askEstimate, type BackfillSlice, describeEstimate } from "./estimate-backfill.ts";
import { atPlace } from "./place.ts";

/** What became of one slice. */
export interface Backfilled {
  readonly from: string;
  readonly to: string;
  readonly how: "ran" | "redriven";
  readonly execution: string;
  readonly status: string;
}

/** What failed as these cannot go on: other data, or other limits, are another execution. */
const FINAL = new Set(["ValidationFailed", "FeaturesAllNull", "RawKeepsChanging"]);

/**
 * Runs one slice to its end. Its execution's name is of its days, so that a second call finds the first one's: one that
 * runs is waited for, one that failed is redriven. One that succeeded though the days are stale is of objects that have
 * changed since: the next name is taken, and so for one that cannot be redriven.
 */
export async function backfillSlice(
  executions: Pick<Executions, "start" | "show" | "status" | "redrive">,
  { from, to }: Pick<BackfillSlice, "from" | "to">,
  pollMs: number,
): Promise<Backfilled> {
  const input = { mode: "range", start_date: from, end_date: to };
  for (let attempt = 1; ; attempt++) {
    const name = `backfill-${from}-${to}${attempt === 1 ? "" : `-${attempt}`}`;
    const { id, status } = await executions.start("feature-pipeline", input, name);
    let how: Backfilled["how"] = "ran";
    if (status === "SUCCEEDED") continue;
    if (status !== "RUNNING") {
      const { error } = await executions.show(id);
      if (FINAL.has(error ?? "")) continue;
      try {
        await executions.redrive(id);
      } catch (reason) {
        if (reason instanceof NotRedrivable) continue;
        throw reason;
      }
      how = "redriven";
    }
    for (;;) {
      const now = await executions.status(id);
      if (now.status !== "RUNNING") return { from, to, how, execution: id, status: now.status };
      await sleep(pollMs);
    }
  }
}

/** How a backfill is run; see the usage of `penstock backfill`. */
export interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly parallel: number;
  readonly dryRun: boolean;
  readonly stage: string | undefined;
  readonly json: boolean;
}

/** Prints the plan, and runs what is stale of it, so many slices at a time. @returns the exit code */
export function backfill({ from, to, parallel, dryRun, stage, json }: BackfillOptions): Promise<number> {
  return atPlace(stage, async (place) => {
    const estimate = await askEstimate(place, { from, to });
    if (!json) console.log(describeEstimate(estimate));
    const open = estimate.slices.filter(({ current }) => !current);
    const done: Backfilled[] = [];
    const lane = async (): Promise<void> => {
      for (let slice = open.shift(); slice !== undefined; slice = open.shift()) {
        const result = await backfillSlice(place.executions, slice, place.pollMs);
        done.push(result);
        if (!json)
          console.log(`${result.from} to ${result.to}: ${result.how}, ${result.status}  ${result.execution}`);
      }
    };
    if (!dryRun) await Promise.all(Array.from({ length: parallel }, lane));
    if (json) console.log(JSON.stringify({ ...estimate, executions: done }, null, 2));
    return done.every(({ status }) => status === "SUCCEEDED") ? 0 : 1;
  });
}
