import type { SalesSeries } from "@penstock/models";
import type { Calendar } from "./calendar.ts";
import { numberOf, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";
import { daysBetween } from "./months.ts";

/** Stands for all regions, or all categories. */
const ALL = "all";

/** Revenue of one month, region and category. */
interface Sold {
  readonly period: string;
  readonly region: string;
  readonly category: string;
  readonly revenue: number;
}

/** A pair of region and category, either of them perhaps {@link ALL}. */
type Place = Pick<Sold, "region" | "category">;

/**
 * The series that are forecast: everything by day and by month, then by month the largest regions, the largest categories
 * and the largest pairs of both, at most `most` of each, by revenue. So the number of series has a bound, whatever the
 * number of regions and categories; each costs about 20 ms.
 *
 * A series begins with its first sale and ends with the calendar; a day or month without sales between is 0. A category
 * of the catalogue that never sold anything is all 0 (the model then says why it has no forecast).
 */
export async function salesSeries(marts: Marts, calendar: Calendar, most: number): Promise<SalesSeries[]> {
  const { firstDay, lastWholeDay, wholeMonths: months } = calendar;
  const sold = await soldByMonth(marts, months);
  const places = chosenPlaces(sold, await unsoldCategories(marts, sold), most);
  const sums = sumsOf(sold, places);
  const dates = months.map((month) => `${month}-01`);
  const daily = seriesOf(
    { region: ALL, category: ALL, frequency: "day" },
    lastWholeDay === null ? [] : daysBetween(firstDay, lastWholeDay),
    await soldByDay(marts),
  );
  const monthly = [...places].map(([key, place]) =>
    seriesOf({ ...place, frequency: "month" }, dates, sums.get(key) ?? new Map()),
  );
  return [daily, ...monthly];
}

/** By key, so that a region or category that is really called "all" does not stand twice. */
function chosenPlaces(
  sold: readonly Sold[],
  unsold: readonly Sold[],
  most: number,
): ReadonlyMap<string, Place> {
  const all = { region: ALL, category: ALL };
  const places = [
    all,
    ...largest(sold, most, ({ region }) => ({ ...all, region })),
    ...largest([...sold, ...unsold], most, ({ category }) => ({ ...all, category })),
    ...largest(sold, most, ({ region, category }) => ({ region, category })),
  ];
  return new Map(places.toReversed().map((place) => [keyOf(place), place]));
}

/** Revenue by place and first of the month, of the places that were chosen. */
function sumsOf(
  sold: readonly Sold[],
  places: ReadonlyMap<string, Place>,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const sums = new Map([...places.keys()].map((key) => [key, new Map<string, number>()]));
  for (const { period, region, category, revenue } of sold) {
    const within = new Set(
      [region, ALL].flatMap((r) => [category, ALL].map((c) => keyOf({ region: r, category: c }))),
    );
    for (const key of within) {
      const own = sums.get(key);
      own?.set(`${period}-01`, (own.get(`${period}-01`) ?? 0) + revenue);
    }
  }
  return sums;
}

function keyOf({ region, category }: Place): string {
  return JSON.stringify([region, category]);
}

async function soldByMonth(marts: Marts, months: readonly string[]): Promise<Sold[]> {
  const known = new Set(months);
  const sold = await marts.read(
    `SELECT "month" AS "period", region, category, CAST(revenue AS DOUBLE) AS revenue FROM regional_sales`,
    (row): Sold => ({
      period: textOf(row, "period"),
      region: textOf(row, "region"),
      category: textOf(row, "category"),
      revenue: numberOf(row, "revenue"),
    }),
  );
  const order = (one: Sold) => `${keyOf(one)}${one.period}`;
  return sold.filter(({ period }) => known.has(period)).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function soldByDay(marts: Marts): Promise<ReadonlyMap<string, number>> {
  const days = await marts.read(
    `SELECT CAST(sale_date AS VARCHAR) AS "period", CAST(sum(revenue) AS DOUBLE) AS revenue
     FROM daily_sales GROUP BY sale_date`,
    (row) => [textOf(row, "period"), numberOf(row, "revenue")] as const,
  );
  return new Map(days);
}

/** Categories of the catalogue of which nothing was sold in the months told of. */
async function unsoldCategories(marts: Marts, sold: readonly Sold[]): Promise<Sold[]> {
  const known = new Set(sold.map(({ category }) => category));
  const categories = await marts.read("SELECT category FROM products GROUP BY category", (row) =>
    textOf(row, "category"),
  );
  const unsold = categories.filter((category) => !known.has(category));
  return unsold.map((category) => ({ period: "", region: "", category, revenue: 0 }));
}

/** The places with most revenue, by name where equal. */
function largest(sold: readonly Sold[], most: number, placeOf: (one: Sold) => Place): Place[] {
  const found = new Map<string, { readonly place: Place; revenue: number }>();
  for (const one of sold) {
    const place = placeOf(one);
    const own = found.get(keyOf(place)) ?? { place, revenue: 0 };
    found.set(keyOf(place), own);
    own.revenue += one.revenue;
  }
  return [...found]
    .sort(([a, one], [b, other]) => other.revenue - one.revenue || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([, { place }]) => place);
}

function seriesOf(
  about: Pick<SalesSeries, "region" | "category" | "frequency">,
  dates: readonly string[],
  revenue: ReadonlyMap<string, number>,
): SalesSeries {
  const values = dates.map((date) => revenue.get(date) ?? 0);
  const first = Math.max(
    0,
    values.findIndex((value) => value !== 0),
  );
  return { ...about, from: dates[first] ?? "1970-01-01", values: values.slice(first) };
}
