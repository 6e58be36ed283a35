import { type Backfilled, type BackfillStep, type BackfillTools, backfillSlice } from "./backfill-slice.ts";
import { askEstimate, type BackfillSlice, describeEstimate } from "./estimate-backfill.ts";
import { atPlace } from "./place.ts";

/** How a backfill is run; see the usage of `penstock backfill`. */
export interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly parallel: number;
  readonly dryRun: boolean;
  readonly stage: string | undefined;
  readonly json: boolean;
}

/** Prints the plan, and runs what is stale of it. @returns the exit code */
export function backfill({ from, to, parallel, dryRun, stage, json }: BackfillOptions): Promise<number> {
  return atPlace(stage, async (place) => {
    const estimate = await askEstimate(place, { from, to });
    if (!json) console.log(describeEstimate(estimate));
    const open = estimate.slices.filter(({ current }) => !current);
    const tell = (done: Backfilled) => {
      if (!json) console.log(described(done));
    };
    const tools: BackfillTools = {
      executions: place.executions,
      pollMs: place.pollMs,
      isCurrent: async (slice) => (await askEstimate(place, slice)).slices.every(({ current }) => current),
    };
    const { steps, left } = dryRun ? { steps: [], left: [] } : await runSlices(tools, open, parallel, tell);
    if (json) console.log(JSON.stringify({ ...estimate, executions: steps }, null, 2));
    else if (left.length > 0)
      console.log(
        `Not computed: ${left.map((slice) => `${slice.from} to ${slice.to}`).join(", ")}. Features need the days before them: mend what failed and call this again.`,
      );
    return left.length === 0 ? 0 : 1;
  });
}

/**
 * Lands and validates all slices, so many at a time, and then computes their features one after another in the order of
 * their days: each is computed over the clean rows of those before it. Ends at the first slice that fails in either step.
 *
 * @param slices in the order of their days
 * @returns each step that was taken, and the slices whose features were not computed
 */
export async function runSlices<Slice extends Pick<BackfillSlice, "from" | "to">>(
  tools: BackfillTools,
  slices: readonly Slice[],
  parallel: number,
  tell: (done: Backfilled) => void,
): Promise<{ readonly steps: readonly Backfilled[]; readonly left: readonly Slice[] }> {
  const steps: Backfilled[] = [];
  const take = async (slice: Slice, step: BackfillStep): Promise<boolean> => {
    const result = await backfillSlice(tools, slice, step);
    steps.push(result);
    tell(result);
    return result.done;
  };
  const bad = new Set<Slice>();
  const waiting = [...slices];
  const lane = async (): Promise<void> => {
    for (let slice = waiting.shift(); slice !== undefined; slice = waiting.shift())
      if (!(await take(slice, "validation"))) bad.add(slice);
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  for (const [index, slice] of slices.entries())
    if (bad.has(slice) || !(await take(slice, "features"))) return { steps, left: slices.slice(index) };
  return { steps, left: [] };
}

function described({ from, to, step, how, status, execution }: Backfilled): string {
  return `${from} to ${to}: ${step} ${how}, ${status}  ${execution}`;
}
