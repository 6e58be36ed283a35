import type { CleanDay } from "@penstock/contracts";
import { daysAfter, daysFrom } from "./run-window.ts";

/**
 * A day's raw objects by their digest, as whoever asks sees them: null for a day without any, undefined for one that is
 * not looked at.
 */
export type ToldOf = (day: string) => string | null | undefined;

/** The days before another that tell what repeats them. */
export function lookBackOf(day: string, lookBackDays: number): string[] {
  return daysFrom(daysAfter(day, -lookBackDays), daysAfter(day, -1));
}

/** Whether a clean day stands behind other days than it was cleaned with, so that it is to be cleaned again. */
export function cleanedWithOthers(
  day: string,
  { look_back }: Pick<CleanDay, "look_back">,
  toldOf: ToldOf,
  lookBackDays: number,
): boolean {
  return lookBackOf(day, lookBackDays).some((before) => {
    const told = toldOf(before);
    return told !== undefined && told !== (look_back[before] ?? null);
  });
}
