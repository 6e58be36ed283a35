import { type FeaturePlan, ValidationReport, validationReportKey } from "@penstock/contracts";
import { s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { CleanResult } from "./clean-result.ts";
import type { FeaturesPorts } from "./ports.ts";

/** Rows that a day has at least, for the share of it that was removed to say something. */
const LEAST_OF_A_DAY = 50;

/** Days that a notice has room for. */
const MOST_DAYS = 20;

interface CleanedDay {
  readonly day: string;
  /** Rows that were landed of it, and those that cleaning left. */
  readonly landed: number;
  readonly clean: number;
}

/**
 * What is unusual about what cleaning took out: sentences for people; none when nothing is. Of single days those that the
 * current features have not seen as they are, since what was told once is not told again; all of them together whenever
 * too much is gone, for that is no day's own doing.
 */
export async function checkCleaning(
  { run_id, attempt, days }: Pick<FeaturePlan, "run_id" | "attempt" | "days">,
  { interactions, removed }: Pick<CleanResult, "interactions" | "removed">,
  { store, settings }: Pick<FeaturesPorts, "store" | "settings">,
): Promise<string[]> {
  const { maxRemoved, features } = settings;
  const place = s3Uri(features, validationReportKey(run_id, attempt));
  const { days: validated } = v.parse(ValidationReport, await store.getJson(place));
  const changed = new Set(days.filter((day) => day.changed).map(({ day }) => day));
  const cleaned = validated.map(({ day, rows }): CleanedDay => {
    const written = interactions.filter(({ partition }) => partition === `day=${day}`);
    return { day, landed: rows, clean: written.reduce((sum, each) => sum + each.rows, 0) };
  });
  const own = cleaned.filter(({ day }) => changed.has(day)).flatMap((day) => told(day, maxRemoved));
  const said =
    own.length <= MOST_DAYS ? own : [...own.slice(0, MOST_DAYS), `And ${own.length - MOST_DAYS} days more.`];
  const sum = (of: "landed" | "clean") => cleaned.reduce((total, each) => total + each[of], 0);
  const all = { landed: sum("landed"), clean: sum("clean") };
  if (said.length > 0 && cleaned.length === 1) return said;
  if (all.landed < LEAST_OF_A_DAY || shareOf(all) <= maxRemoved) return said;
  const reasons = removed.filter(({ rows }) => rows > 0).map(({ reason, rows }) => `${reason} ${rows}`);
  const whole = `Cleaning took out ${percent(shareOf(all))} of all ${all.landed} rows, the limit is ${percent(maxRemoved)}: ${reasons.join(", ")}.`;
  return [whole, ...said];
}

function told(day: CleanedDay, maxRemoved: number): string[] {
  if (day.landed > 0 && day.clean === 0)
    return [`${day.day} has no clean rows: cleaning took out all ${day.landed}.`];
  if (day.landed < LEAST_OF_A_DAY || shareOf(day) <= maxRemoved) return [];
  return [
    `${day.day}: cleaning took out ${percent(shareOf(day))} of ${day.landed} rows, the limit is ${percent(maxRemoved)}.`,
  ];
}

const shareOf = ({ landed, clean }: Pick<CleanedDay, "landed" | "clean">): number => 1 - clean / landed;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
