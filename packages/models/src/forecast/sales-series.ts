import * as v from "valibot";
import { finite } from "../result.ts";

/** How far apart the values of a series are. */
export const Frequency = v.picklist(["day", "month"]);
export type Frequency = v.InferOutput<typeof Frequency>;

/** Sums of sales of a category in a region, one per day or month without holes in the calendar. */
export const SalesSeries = v.strictObject({
  category: v.string(),
  region: v.string(),
  frequency: Frequency,
  /** The first day or month: `2018-01-31`, or `2018-01-01` for a month. */
  from: v.pipe(v.string(), v.isoDate()),
  /** In one currency or unit; null where the sum is not known (0 is a day without sales). */
  values: v.array(v.nullable(finite)),
});
export type SalesSeries = v.InferOutput<typeof SalesSeries>;

/** Periods in a season: a week of days, a year of months. */
export const seasonLength: Readonly<Record<Frequency, number>> = { day: 7, month: 12 };

/** The day, or the first of the month, that is `periods` after `from`. */
export function dateAfter(from: string, frequency: Frequency, periods: number): string {
  const date = new Date(`${from}T00:00:00Z`);
  if (frequency === "day") date.setUTCDate(date.getUTCDate() + periods);
  else date.setUTCMonth(date.getUTCMonth() + periods, 1);
  return date.toISOString().slice(0, 10);
}

/** Values without gaps, and where they stand in the series. */
export interface KnownValues {
  readonly values: Float64Array;
  /** Position of the first known value. */
  readonly first: number;
  /** Values that were filled in. */
  readonly filled: number;
}

/** More than this share filled in, and the model would learn from its own guesses. */
const MOST_FILLED = 0.25;

/**
 * Cuts unknown values off both ends and fills those between: with the mean of the same season before and after where
 * both are known, else on the straight line between its neighbours.
 *
 * @returns a sentence when over a quarter would have to be filled in, or nothing is known
 */
export function fillGaps(
  values: readonly (number | null)[],
  period: number,
): KnownValues | { readonly reason: string } {
  const first = values.findIndex((one) => one !== null);
  if (first === -1) return { reason: "no values" };
  const known = values.slice(first, values.findLastIndex((one) => one !== null) + 1);
  const filled = known.filter((one) => one === null).length;
  if (filled > MOST_FILLED * known.length)
    return { reason: `${filled} of ${known.length} values are unknown; at most a quarter may be` };
  const complete = Float64Array.from(known, (one, t) => {
    if (one !== null) return one;
    const [before, after] = [known[t - period], known[t + period]];
    return typeof before === "number" && typeof after === "number" ? (before + after) / 2 : between(known, t);
  });
  return { values: complete, first, filled };
}

function between(known: readonly (number | null)[], t: number): number {
  const left = known.findLastIndex((one, i) => i < t && one !== null);
  const right = known.findIndex((one, i) => i > t && one !== null);
  const [from, to] = [known[left] ?? 0, known[right] ?? 0];
  return from + ((to - from) * (t - left)) / (right - left);
}
