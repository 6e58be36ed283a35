import * as v from "valibot";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { growthRate } from "./growth.ts";
import { isCountable, monthsOf, type SalesCell, seriesBy, total } from "./sales-cells.ts";

const MODEL = "regional-analysis";
const VERSION = 2;

const Interval = v.strictObject({ rate: finite, low: finite, high: finite });

export const RegionalResult = resultOf(MODEL, VERSION, {
  regions: v.array(
    v.strictObject({
      region: v.string(),
      revenue: finite,
      share: probability,
      /** Orders summed over categories: one with items of two categories counts in both. */
      orders: count,
      /** Revenue per order and category; null without orders. */
      revenue_per_order: v.nullable(finite),
      /** Growth of revenue per month with a 90 % interval; null where it cannot be told. */
      growth: v.nullable(Interval),
      /**
       * The category that the region buys more of than others do: among those of at least 5 % of its revenue the highest
       * location quotient (share in the region / share everywhere). Null without revenue.
       */
      specialty: v.nullable(v.strictObject({ category: v.string(), location_quotient: finite })),
    }),
  ),
});
export type RegionalResult = v.InferOutput<typeof RegionalResult>;

const SPECIALTY_SHARE = 0.05;

/**
 * Regional analysis: size, growth and specialty of each region.
 *
 * Method: sums and shares; growth by {@link growthRate}; specialty by the location quotient. The metric `concentration`
 * is the Herfindahl index of the regions' shares: 1 / regions when all are alike, 1 when one has everything.
 *
 * Input: monthly sales per region and category, in one currency. Output: regions by revenue. `trained_on` counts cells.
 *
 * "Not enough data": no revenue.
 *
 * Sources: Isard (1960), Methods of Regional Analysis (location quotient); Hirschman (1964) (concentration).
 */
export function analyseRegions(given: readonly SalesCell[]): RegionalResult {
  const cells = given.filter(isCountable);
  const months = monthsOf(cells);
  const all = total(cells.map(({ revenue }) => revenue));
  if (months === undefined || all <= 0 || !Number.isFinite(all)) {
    return notEnoughData(MODEL, VERSION, "there are no sales");
  }
  const everywhere = revenueByCategory(cells);
  const regions = seriesBy(cells, months, ({ region }) => region).map(({ key: region, series }) => {
    const revenue = total(series.revenue);
    const orders = total(series.cells.map((cell) => cell.orders));
    const perOrder = revenue / orders;
    return {
      region,
      revenue,
      share: Math.min(1, revenue / all),
      orders: Math.round(orders),
      revenue_per_order: Number.isFinite(perOrder) ? perOrder : null,
      growth: growthRate(series.revenue) ?? null,
      specialty: specialtyOf(revenueByCategory(series.cells), revenue, everywhere, all),
    };
  });
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: cells.length, from: months[0] ?? null, to: months.at(-1) ?? null },
    metrics: {
      regions: regions.length,
      concentration: total(regions.map(({ share }) => share ** 2)),
    },
    regions: regions.sort((a, b) => b.revenue - a.revenue || (a.region < b.region ? -1 : 1)),
  };
}

function revenueByCategory(cells: readonly SalesCell[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { category, revenue } of cells) found.set(category, (found.get(category) ?? 0) + revenue);
  return found;
}

function specialtyOf(
  own: ReadonlyMap<string, number>,
  revenue: number,
  everywhere: ReadonlyMap<string, number>,
  all: number,
): { category: string; location_quotient: number } | null {
  const quotients = [...own].flatMap(([category, part]) => {
    const quotient = part / revenue / ((everywhere.get(category) ?? 0) / all);
    const counts = part / revenue >= SPECIALTY_SHARE && Number.isFinite(quotient);
    return counts ? [{ category, location_quotient: quotient }] : [];
  });
  const order = quotients.sort(
    (a, b) => b.location_quotient - a.location_quotient || (a.category < b.category ? -1 : 1),
  );
  return order[0] ?? null;
}
