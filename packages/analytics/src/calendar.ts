import type { Marts } from "./marts.ts";
import { median } from "./median.ts";
import { daysIn, monthAfter, monthsBetween } from "./months.ts";
import { type SalesDay, salesDays } from "./sales-days.ts";

/** The days that a build's sales tell of: one span for all systems. Days are `YYYY-MM-DD`, months `YYYY-MM`. */
export interface Calendar {
  /** First and last day with an order that counts, in the span. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Where daily series end: the last day, or the one before when the last was not over; null when that was the only one. */
  readonly lastWholeDay: string | null;
  /** Months of the span that are told of in full. */
  readonly wholeMonths: readonly string[];
  /** Months outside the span in which something was sold, and the orders outside of it. */
  readonly monthsLeftOut: readonly string[];
  readonly ordersOutside: number;
}

/** Less than this share of what is usual is no part of the sales, but a ragged end of an export or a date gone wrong. */
const SPARSE = 0.1;
/** More months of them in a row are no ragged end any more: sales have really fallen, or really began so. */
const MOST_SPARSE = 3;
/** What is usual: the median of so many months beside, at least so many. */
const USUAL = { most: 12, least: 3 };
/** A first month counts as whole when sales began by this day of it. */
const FIRST_WEEK = 7;
/** A last day counts as whole when something was bought in its last quarter. */
const LATE_HOUR = 18;

/**
 * Where the data begin and end. Three kinds of ends are left out: orders far from all others (months without any
 * between) that are under a tenth of the year beside, unless they go on for more than three months; up to three months
 * at either end with, per day, under a tenth of the orders of the median month of the year beside; and, for series, a
 * month or day at the end that is not over.
 *
 * @returns null without an order that counts
 */
export async function calendarOf(marts: Marts): Promise<Calendar | null> {
  return calendar(await salesDays(marts));
}

/** {@link calendarOf} of the days with orders, in any order. */
export function calendar(given: readonly SalesDay[]): Calendar | null {
  const days = given.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const orders = new Map<string, number>();
  for (const { day, orders: own } of days) orders.set(monthOf(day), (orders.get(monthOf(day)) ?? 0) + own);
  const main = withoutIsolated(orders);
  if (main === undefined) return null;
  const [first, last] = withoutSparse(main, orders, days);
  const kept = days.filter(({ day }) => monthOf(day) >= first && monthOf(day) <= last);
  const [begin, end] = [kept[0], kept.at(-1)];
  if (begin === undefined || end === undefined) return null;
  const isOver = end.lastHour >= LATE_HOUR;
  return {
    firstDay: begin.day,
    lastDay: end.day,
    lastWholeDay: isOver ? end.day : begin.day === end.day ? null : dayBefore(end.day),
    wholeMonths: monthsBetween(first, last).filter(
      (month) =>
        (month !== first || Number(begin.day.slice(8)) <= FIRST_WEEK) &&
        (month !== last || isWhole(end.day, days.at(-1) !== end)),
    ),
    monthsLeftOut: [...orders.keys()].filter((month) => month < first || month > last),
    ordersOutside: total(days) - total(kept),
  };
}

/** What a report says of the span in its details. */
export function spanDetails(calendar: Calendar | null): Readonly<Record<string, unknown>> {
  if (calendar === null) return {};
  return {
    first_day: calendar.firstDay,
    last_day: calendar.lastDay,
    last_whole_day: calendar.lastWholeDay,
    last_whole_month: calendar.wholeMonths.at(-1) ?? null,
    months_left_out: calendar.monthsLeftOut,
    orders_outside_span: calendar.ordersOutside,
  };
}

/** A span of months, both included. */
type Span = readonly [first: string, last: string];

/** From the stretch of months with most orders outwards, over every gap behind which there is more than a trickle. */
function withoutIsolated(orders: ReadonlyMap<string, number>): Span | undefined {
  const stretches = stretchesOf([...orders.keys()]);
  const within = ([first, last]: Span) =>
    [...orders].reduce((sum, [month, own]) => sum + (month >= first && month <= last ? own : 0), 0);
  const [largest] = stretches.toSorted((a, b) => within(b) - within(a) || (a[0] < b[0] ? 1 : -1));
  if (largest === undefined) return undefined;
  const isReal = (stretch: Span, beside: Span) =>
    monthsBetween(...stretch).length > MOST_SPARSE || within(stretch) >= SPARSE * within(beside);
  let [first, last] = largest;
  for (const stretch of stretches.toReversed()) {
    if (stretch[1] < first && isReal(stretch, [first, monthAfter(first, USUAL.most - 1)])) [first] = stretch;
  }
  for (const stretch of stretches) {
    if (stretch[0] > last && isReal(stretch, [monthAfter(last, 1 - USUAL.most), last])) [, last] = stretch;
  }
  return [first, last];
}

/** Months in a row, of months in order. */
function stretchesOf(months: readonly string[]): Span[] {
  const stretches: [string, string][] = [];
  for (const month of months) {
    const open = stretches.at(-1);
    if (open !== undefined && monthAfter(open[1], 1) === month) open[1] = month;
    else stretches.push([month, month]);
  }
  return stretches;
}

/** Without the ragged months at both ends. */
function withoutSparse(
  [first, last]: Span,
  orders: ReadonlyMap<string, number>,
  days: readonly SalesDay[],
): Span {
  const begin = Number(days.find(({ day }) => monthOf(day) === first)?.day.slice(8) ?? 1);
  const end = Number(days.findLast(({ day }) => monthOf(day) === last)?.day.slice(8) ?? 1);
  const perDay = monthsBetween(first, last).map((month) => {
    const [from, to] = [month === first ? begin : 1, month === last ? end : daysIn(month)];
    return (orders.get(month) ?? 0) / (to - from + 1);
  });
  const atEnd = sparseAtEnd(perDay);
  const atStart = sparseAtEnd(perDay.slice(0, perDay.length - atEnd).reverse());
  return [monthAfter(first, atStart), monthAfter(last, -atEnd)];
}

function sparseAtEnd(perDay: readonly number[]): number {
  const isSparse = (value: number, index: number) => {
    const beside = perDay.slice(Math.max(0, index - USUAL.most), index);
    return beside.length >= USUAL.least && value < SPARSE * median(beside);
  };
  const kept = perDay.findLastIndex((value, index) => !isSparse(value, index)) + 1;
  const sparse = perDay.length - kept;
  return sparse > MOST_SPARSE ? 0 : sparse;
}

/**
 * Whether a month is over with its last day of sales: on its last day or, when something was sold in later months (so
 * that it was observed to its end), up to a tenth of its days before.
 */
function isWhole(lastDay: string, wasObserved: boolean): boolean {
  const days = daysIn(monthOf(lastDay));
  const missing = days - Number(lastDay.slice(8));
  return missing <= (wasObserved ? SPARSE * days : 0);
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

function total(days: readonly SalesDay[]): number {
  return days.reduce((sum, { orders }) => sum + orders, 0);
}
