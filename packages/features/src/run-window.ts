import { createHash } from "node:crypto";
import type { FeatureMode } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime";
import type { PlanFeaturesInput } from "./task-inputs.ts";

/** The days of a run, both included, and what it is called. */
export interface RunWindow {
  readonly run_id: string;
  readonly attempt: string;
  readonly mode: FeatureMode;
  /** Null: everything that there is up to `to`. */
  readonly from: string | null;
  readonly to: string;
  /** The moment that the run is of: the schedule's, or the start. */
  readonly moment: Date;
}

/**
 * Takes the window from the mode and the run's moment, not from the clock: a run that starts late has the days of the
 * time that it was due at. The same mode and days are the same run.
 * @throws InvalidInput for a range without its days, or one that ends after the run's own day
 */
export function runWindow(input: PlanFeaturesInput): RunWindow {
  const moment = new Date(input.scheduled_at ?? input.started_at);
  const { mode, from, to, run_id } = windowOf(input, moment);
  const execution = createHash("sha256").update(input.execution_id).digest("hex").slice(0, 8);
  return { run_id, attempt: `${run_id}-${execution}`, mode, from, to, moment };
}

function windowOf({ mode, start_date, end_date }: PlanFeaturesInput, moment: Date) {
  if (mode !== "range") {
    if (start_date !== null || end_date !== null)
      throw new InvalidInput(
        `mode "${mode}" takes its days from its time; leave out start_date and end_date`,
      );
    const to = daysAfter(dayOf(moment), -1);
    return { mode, from: mode === "daily" ? to : null, to, run_id: `${mode}-${to}` };
  }
  if (start_date === null || end_date === null)
    throw new InvalidInput('mode "range" needs both start_date and end_date');
  if (start_date > end_date) throw new InvalidInput(`start_date ${start_date} is after end_date ${end_date}`);
  if (end_date > dayOf(moment))
    throw new InvalidInput(`end_date ${end_date} is after the run's own day, ${dayOf(moment)}`);
  return { mode, from: start_date, to: end_date, run_id: `range-${start_date}-${end_date}` };
}

/** The day of a moment in UTC, `YYYY-MM-DD`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The day so many days after another; before it when negative. */
export function daysAfter(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return dayOf(moment);
}

/** The days from one to another, both included; none when the first is after the last. */
export function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = daysAfter(day, 1)) days.push(day);
  return days;
}
