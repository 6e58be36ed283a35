import * as v from "valibot";
import { finite, notEnoughData, probability, resultOf } from "../result.ts";
import { growthRate, LEAST_PERIODS } from "./growth.ts";
import { isCountable, type MonthlySeries, monthsOf, type SalesCell, seriesBy, total } from "./sales-cells.ts";

const MODEL = "market-opportunities";
const VERSION = 2;

const Opportunity = v.strictObject({
  region: v.string(),
  category: v.string(),
  /** Which factors the score has: without a unit cost there is no margin, and scores of two kinds do not compare. */
  basis: v.picklist(["growth × share × margin", "growth × share"]),
  /** Growth of revenue per month as a rate. */
  growth: finite,
  /** Share of all revenue of the period. */
  share: probability,
  /** (revenue - cost) / revenue, at most 1; null when a cost is not known. Below 0 it sells at a loss. */
  margin: v.nullable(finite),
  /** Product of the factors: revenue (or profit) gained per month as a share of all revenue. */
  score: finite,
  /** The score at both ends of the growth's 90 % interval, the lesser first. */
  score_low: finite,
  score_high: finite,
  /** Even the lower end is above 0. */
  is_certain: v.boolean(),
});

export const OpportunitiesResult = resultOf(MODEL, VERSION, {
  opportunities: v.array(Opportunity),
  /** Cells that say too little, and why. */
  left_out: v.array(v.strictObject({ region: v.string(), category: v.string(), reason: v.string() })),
});
export type OpportunitiesResult = v.InferOutput<typeof OpportunitiesResult>;
type Opportunity = v.InferOutput<typeof Opportunity>;

/**
 * Market opportunities per region and category.
 *
 * Method: score = growth × share × margin where every cost is known, growth × share where not (`basis` says which).
 * Growth is the monthly rate of {@link growthRate} with its 90 % interval, from which the score's comes. A falling market
 * with a negative margin would score above 0 as the product of two losses; it counts as minus that product.
 *
 * Input: monthly sales per region and category, in one currency, whole months only. Output: scores with a margin first,
 * within each basis the highest first. `trained_on` counts cells.
 *
 * "Not enough data": fewer than 6 months, no revenue, or no cell with sales in 3 months.
 *
 * Source: the growth-share idea of Henderson (1970), "The Product Portfolio"; for the rate see {@link growthRate}.
 */
export function findOpportunities(given: readonly SalesCell[]): OpportunitiesResult {
  const cells = given.filter(isCountable);
  const months = monthsOf(cells);
  const revenue = total(cells.map((cell) => cell.revenue));
  if (months === undefined || revenue <= 0) return notEnoughData(MODEL, VERSION, "there are no sales");
  if (months.length < LEAST_PERIODS) {
    const reason = `sales of ${months.length} months; growth can be told from ${LEAST_PERIODS} on`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  const opportunities: Opportunity[] = [];
  const leftOut: { region: string; category: string; reason: string }[] = [];
  for (const { series } of seriesBy(cells, months, (cell) => JSON.stringify([cell.region, cell.category]))) {
    const place = { region: series.cells[0]?.region ?? "", category: series.cells[0]?.category ?? "" };
    const found = opportunityOf(series, place, revenue);
    if (found === undefined)
      leftOut.push({ ...place, reason: "sales in fewer than 3 months, or no steady growth" });
    else opportunities.push(found);
  }
  if (opportunities.length === 0) {
    return notEnoughData(
      MODEL,
      VERSION,
      `none of ${leftOut.length} regions and categories has sales in 3 months`,
    );
  }
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: cells.length, from: months[0] ?? null, to: months.at(-1) ?? null },
    metrics: {
      covered_revenue_share: Math.min(1, total(opportunities.map(({ share }) => share))),
      certain: opportunities.filter((one) => one.is_certain).length,
    },
    opportunities: opportunities.sort(
      (a, b) => Number(a.margin === null) - Number(b.margin === null) || b.score - a.score,
    ),
    left_out: leftOut,
  };
}

function opportunityOf(
  { cells, revenue }: MonthlySeries,
  place: { readonly region: string; readonly category: string },
  all: number,
): Opportunity | undefined {
  const growth = growthRate(revenue);
  if (growth === undefined) return undefined;
  const own = total(revenue);
  const share = Math.min(1, own / all);
  const costs = cells.flatMap(({ cost }) => cost ?? []);
  const margin = costs.length === cells.length ? (own - total(costs)) / own : null;
  const score = (rate: number) => scoreOf(rate, share, margin);
  const ends = [score(growth.low), score(growth.high)];
  const known = [growth.rate, share, margin ?? 0, score(growth.rate), ...ends];
  if (!known.every(Number.isFinite)) return undefined;
  const low = Math.min(...ends);
  return {
    ...place,
    basis: margin === null ? "growth × share" : "growth × share × margin",
    growth: growth.rate,
    share,
    margin,
    score: score(growth.rate),
    score_low: low,
    score_high: Math.max(...ends),
    is_certain: low > 0,
  };
}

function scoreOf(rate: number, share: number, margin: number | null): number {
  if (margin === null) return rate * share;
  return rate < 0 && margin < 0 ? -rate * share * margin : rate * share * margin;
}
