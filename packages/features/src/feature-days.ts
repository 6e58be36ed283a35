import type { CleanSnapshot, FeatureDay, FeatureSet, InteractionFeatures } from "@penstock/contracts";

type CleanDays = CleanSnapshot["days"];

/** An attempt's features, the days of its interactions, and the clean rows that they were computed from. */
export interface ComputedDays {
  readonly features: FeatureSet;
  readonly from: string;
  readonly to: string;
  readonly snapshot: CleanSnapshot;
}

/** Days whose rows are not of the same raw objects in both, in order; days without rows in either are alike. */
export function otherDays(one: CleanDays, other: CleanDays): string[] {
  const days = new Set([...Object.keys(one), ...Object.keys(other)]);
  const isOther = (day: string) => {
    const [here, there] = [one[day], other[day]];
    return here?.digest !== there?.digest && (here?.rows ?? 0) + (there?.rows ?? 0) > 0;
  };
  return [...days].filter(isOther).toSorted();
}

/**
 * Whose features are current for each day's interactions, after an attempt. They come out of the clean rows of their own
 * day and of all days before it, so that they are behind where one of these is another one by now. Of two attempts that
 * computed a day the one that is not behind is right, and else the one that looked at the raw objects later.
 *
 * @param before what was current
 * @param clean the clean rows that are current with the attempt
 * @param kept features that were planned before this moment are deleted by now, or soon
 */
export function currentInteractions(
  before: { readonly interactions: InteractionFeatures; readonly snapshot: CleanSnapshot } | null,
  own: ComputedDays,
  clean: CleanSnapshot,
  kept: Date,
): InteractionFeatures {
  const { attempt, planned_at, interaction } = own.features;
  const [changed] = otherDays(clean.days, before?.snapshot.days ?? {});
  const [unseen] = otherDays(clean.days, own.snapshot.days);
  const isBehind = (day: string, other: string | undefined) => other !== undefined && day >= other;
  const days = new Map(
    Object.entries(before?.interactions.days ?? {})
      .filter(([, one]) => Date.parse(one.planned_at) >= kept.getTime())
      .map(([day, one]) => [day, { ...one, behind: one.behind || isBehind(day, changed) }]),
  );
  for (const [day, { rows }] of Object.entries(own.snapshot.days)) {
    if (day < own.from || day > own.to) continue;
    const one: FeatureDay = { attempt, rows, planned_at, behind: isBehind(day, unseen) };
    const there = days.get(day);
    if (there === undefined || takesPlace(one, there)) days.set(day, one);
  }
  const attempts = { ...before?.interactions.attempts, [attempt]: interaction };
  const holders = new Set([...days.values()].map((one) => one.attempt));
  return {
    days: Object.fromEntries([...days].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    attempts: Object.fromEntries(Object.entries(attempts).filter(([name]) => holders.has(name))),
  };
}

function takesPlace(one: FeatureDay, there: FeatureDay): boolean {
  if (one.behind !== there.behind) return there.behind;
  return Date.parse(one.planned_at) >= Date.parse(there.planned_at);
}

/**
 * Whose features are current, in words: days in a row of one attempt together, `2026-11-17..2026-11-19=daily-…`, by spaces.
 * A query that reads the table by hand takes them from here.
 */
export function daysInWords({ days }: InteractionFeatures): string {
  const spans: { from: string; to: string; attempt: string }[] = [];
  for (const [day, { attempt }] of Object.entries(days)) {
    const last = spans.at(-1);
    if (last?.attempt === attempt) last.to = day;
    else spans.push({ from: day, to: day, attempt });
  }
  return spans.map(({ from, to, attempt }) => `${from}..${to}=${attempt}`).join(" ");
}
