import * as v from "valibot";
import { LEAST_SIZE, MOST_SIZE, OUT_OF_RANGE } from "../forecast/calculable.ts";
import { dateAfter, Frequency, fillGaps, type SalesSeries, seasonLength } from "../forecast/sales-series.ts";
import { isSeasonal } from "../forecast/season-indices.ts";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { segments } from "./change-points.ts";
import { mannKendall } from "./mann-kendall.ts";
import { type Decomposition, stl, strengths } from "./stl.ts";

const MODEL = "sales-trend";
const VERSION = 1;
const LEAST_VALUES = 10;
/** Older values tell of other times, and all pairs of values are compared. */
const MOST_VALUES = 730;
/** Below this a rise or fall is not taken for chance. */
const SIGNIFICANT = 0.05;

/** The direction of one series over all that was observed, where it changed, and how seasonal it is. */
export const SalesTrendResult = resultOf(MODEL, VERSION, {
  frequency: Frequency,
  direction: v.picklist(["rising", "falling", "no clear trend"]),
  /** Of the direction: two-sided Mann-Kendall, corrected for autocorrelation. */
  p_value: probability,
  /** Theil-Sen, in the series' unit per period; 0 where most values are equal, whatever the direction. */
  slope_per_period: finite,
  /** The slope over a season's length ÷ the mean size of the values. */
  growth_per_season: finite,
  /** Dates on which a new straight line begins. */
  change_points: v.array(
    v.strictObject({
      date: v.string(),
      /** Where the old line would be on that date, and where the new one starts. */
      level_before: finite,
      level_after: finite,
      slope_before: finite,
      slope_after: finite,
    }),
  ),
  /** 0 (none) to 1 (all variation around the trend); null for less than two seasons. */
  seasonality_strength: v.nullable(probability),
  trend_strength: v.nullable(probability),
  filled_values: count,
});
export type SalesTrendResult = v.InferOutput<typeof SalesTrendResult>;

/**
 * Trend analysis of one category and region: the season is taken out by STL, then direction by the Mann-Kendall test
 * and the Theil-Sen slope, change points by straight lines under an information criterion, and the strengths of season and trend by the
 * variances of STL's parts. Sources at `mannKendall`, `segments`, `stl`.
 *
 * @param series sums of sales, daily or monthly; the last 730 count
 * @returns metrics `kendall_tau` and `remainder_deviation` (in the series' unit). "Not enough data" for fewer than 10
 *   values, over a quarter unknown, and values that never change
 */
export function salesTrend(series: SalesSeries): SalesTrendResult {
  const refuse = (reason: string) => notEnoughData(MODEL, VERSION, reason);
  const season = seasonLength[series.frequency];
  const known = fillGaps(series.values, season);
  if ("reason" in known) return refuse(known.reason);
  const values = known.values.slice(-MOST_VALUES);
  const first = known.first + known.values.length - values.length;
  if (values.length < LEAST_VALUES)
    return refuse(`${values.length} values; at least ${LEAST_VALUES} are needed`);
  if (values.every((one) => one === 0)) return refuse("all values are 0");
  if (values.every((one) => one === values[0])) return refuse("the values never change");
  const scale = values.reduce((sum, one) => sum + Math.abs(one) / values.length, 0);
  if (!(scale >= LEAST_SIZE && scale <= MOST_SIZE)) return refuse(OUT_OF_RANGE);
  const scaled = values.map((one) => one / scale);
  const parts = values.length >= 2 * season ? stl(scaled, season) : undefined;
  const adjusted = withoutSeason(scaled, parts, season);
  const { tau, pValue, slope } = mannKendall(adjusted);
  const strength = parts === undefined ? undefined : strengths(parts);
  const lines = segments(adjusted, Math.max(6, parts === undefined ? 0 : season));
  const remainder = parts?.remainder ?? adjusted.map((one, t) => one - slope * t);
  const date = (place: number) => dateAfter(series.from, series.frequency, place);
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: {
      observations: values.length,
      from: date(first),
      to: date(first + values.length - 1),
    },
    metrics: { kendall_tau: tau, remainder_deviation: deviation(remainder) * scale },
    frequency: series.frequency,
    direction: pValue >= SIGNIFICANT || tau === 0 ? "no clear trend" : tau > 0 ? "rising" : "falling",
    p_value: pValue,
    slope_per_period: slope * scale,
    growth_per_season: slope * season,
    change_points: lines.slice(1).flatMap((after, i) => {
      const before = lines[i];
      if (before === undefined) return [];
      return [
        {
          date: date(first + after.start),
          level_before: (before.level + before.slope * (after.start - before.start)) * scale,
          level_after: after.level * scale,
          slope_before: before.slope * scale,
          slope_after: after.slope * scale,
        },
      ];
    }),
    seasonality_strength: strength?.season ?? null,
    trend_strength: strength?.trend ?? null,
    filled_values: known.filled,
  };
}

/** The season is taken out only where a test finds one: taking it out of noise makes what is left look like a trend. */
function withoutSeason(values: Float64Array, parts: Decomposition | undefined, period: number): Float64Array {
  if (parts === undefined) return values;
  const { trend, season } = parts;
  const around = values.map((one, t) => one - (trend[t] ?? 0));
  return isSeasonal(around, period) ? values.map((one, t) => one - (season[t] ?? 0)) : values;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length);
}
