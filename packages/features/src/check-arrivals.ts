import type { FeaturePlan, PlannedDay } from "@penstock/contracts";
import type { FeaturesPorts } from "./ports.ts";
import { readPlan } from "./read-plan.ts";
import type { PlannedInput } from "./task-inputs.ts";

/** Alerts that a notice has room for. */
const MOST_ALERTS = 20;

/**
 * What is unusual about what arrived: sentences for people; none when nothing is. Nothing is read for it, so bytes stand
 * for interactions: of the days that this run is the first to see, since what was told once is not told again.
 */
export async function checkArrivals(
  { plan: uri }: PlannedInput,
  { store, settings }: Pick<FeaturesPorts, "store" | "settings">,
): Promise<{ alerts: string[] }> {
  const plan = await readPlan(store, uri);
  const alerts = [
    ...silence(plan, settings.arrivals.silentHours),
    ...drops(plan, settings.arrivals.maxDrop),
    ...putAside(plan),
    ...withoutRaw(plan),
    ...aged(plan),
    ...outside(plan),
    ...plan.ignored.map(
      (object) => `${object} is not read: no JSON lines by its name, or in no day's folder.`,
    ),
  ];
  if (alerts.length <= MOST_ALERTS) return { alerts };
  const more = `And ${alerts.length - MOST_ALERTS + 1} more of this kind.`;
  return { alerts: [...alerts.slice(0, MOST_ALERTS - 1), more] };
}

/** Days that no run counts: in one sentence, for there may be years of them. */
function outside({ outside: days, from, to }: FeaturePlan): string[] {
  const told = (which: typeof days, what: string) => {
    const objects = which.reduce((sum, day) => sum + day.objects, 0);
    const span = [...new Set([which.at(0)?.day, which.at(-1)?.day])].join(" to ");
    return which.length === 0 ? [] : [`${objects} raw objects of ${span} are in no run: ${what}.`];
  };
  return [
    ...told(
      days.filter(({ day }) => day > to),
      `their days are after ${to} and have not been; look at the clocks of those who send them`,
    ),
    ...told(
      days.filter(({ day }) => day < to),
      `the first day that is looked at is ${from}`,
    ),
  ];
}

/** What was accepted and then not delivered is in no day's count. */
function putAside({ undeliverable: { objects, bytes } }: FeaturePlan): string[] {
  if (objects === 0) return [];
  return [
    `${objects} objects (${bytes} bytes) have come under undeliverable/: interactions that Firehose could not deliver, and that are in no day. npx penstock undeliverable tells why, and delivers them.`,
  ];
}

/** Days that were current with rows and have no raw object now: by somebody's hand, or by retention. */
function withoutRaw({ days, from, clean_from }: FeaturePlan): string[] {
  const rowsOf = (which: readonly PlannedDay[]) => which.reduce((sum, day) => sum + day.clean_rows, 0);
  const spanOf = (which: readonly PlannedDay[]) =>
    [...new Set([which.at(0)?.day, which.at(-1)?.day])].join(" to ");
  const own = days.filter(({ day, clean_rows }) => day >= clean_from && clean_rows > 0);
  const gone = own.filter(({ parts, kept }) => parts.length === 0 && !kept);
  const kept = own.filter((day) => day.kept);
  return [
    ...(gone.length === 0
      ? []
      : [
          `All raw objects of ${gone.length} days (${spanOf(gone)}) have been deleted since they were cleaned: their ${rowsOf(gone)} clean rows go with this run. Put the objects back, and start a range from ${from}, if that was a mistake.`,
        ]),
    ...(kept.length === 0
      ? []
      : [
          `Retention takes the raw objects of ${kept.length} days (${spanOf(kept)}): their ${rowsOf(kept)} clean rows stay as they are until they expire themselves.`,
        ]),
  ];
}

/** Clean rows at the end of their time. */
function aged({ expiring, expired }: FeaturePlan): string[] {
  const ends = expiring.map(({ on }) => on).toSorted();
  const span = (which: readonly { readonly day: string }[]) => [
    ...new Set([which.at(0)?.day, which.at(-1)?.day]),
  ];
  return [
    ...(expiring.length === 0
      ? []
      : [
          `The clean rows of ${expiring.length} days (${span(expiring).join(" to ")}) expire from ${ends[0]} on, since no run has cleaned them again: start a weekly run, or npx penstock backfill --from ${span(expiring)[0]} --to ${span(expiring).at(-1)}. After that runs fail as CleanRowsExpired.`,
        ]),
    ...(expired.length === 0
      ? []
      : [
          `The clean rows of ${expired.length} days (${span(expired).join(" to ")}) have expired after their raw objects: features know nothing of them any more.`,
        ]),
  ];
}

/** A range is asked for by hand, about days long ago. */
function silence({ mode, newest_arrival, scheduled_at }: FeaturePlan, silentHours: number): string[] {
  if (mode === "range") return [];
  if (newest_arrival === null) return ["No interactions have arrived at all."];
  const hours = (Date.parse(scheduled_at) - Date.parse(newest_arrival)) / 3_600_000;
  if (hours <= silentHours) return [];
  return [
    `Nothing has arrived for ${Math.floor(hours)} hours: the newest object is of ${newest_arrival}, the limit is ${silentHours} hours.`,
  ];
}

function drops({ days, from, to }: FeaturePlan, maxDrop: number): string[] {
  return days.flatMap((day, index) => {
    const before = days[index - 1];
    // A day without objects is none that has changed, and the last one is new to this run all the same.
    const isNew = day.changed || (day.day === to && day.parts.length === 0);
    if (before === undefined || day.day < from || !isNew) return [];
    const [bytes, bytesBefore] = [bytesOf(day), bytesOf(before)];
    if (bytesBefore === 0 || bytes >= bytesBefore * (1 - maxDrop)) return [];
    const share = Math.round((1 - bytes / bytesBefore) * 100);
    const what = day.parts.length === 0 ? "has no objects at all" : `has ${share} % fewer bytes`;
    return [`${day.day} ${what}: ${bytes} after ${bytesBefore} on ${before.day}.`];
  });
}

function bytesOf({ parts }: PlannedDay): number {
  return parts.flatMap(({ objects }) => objects).reduce((sum, { bytes }) => sum + bytes, 0);
}
