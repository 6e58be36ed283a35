import { numberOf, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";

/** The days that a build's sales tell of. */
export interface Calendar {
  /** First month with a sale that counts, `YYYY-MM`. */
  readonly firstMonth: string;
  /** Last day that is told of in full, `YYYY-MM-DD`. */
  readonly lastDay: string;
  /** Last month that is over by then; null while the first is not. */
  readonly lastWholeMonth: string | null;
  /** Months after `lastDay` in which next to nothing was sold: the end of an export, not of the sales. */
  readonly sparseMonths: readonly string[];
}

/** A month at the end with less than this share of what is usual is the ragged end of an export. */
const SPARSE = 0.1;
/** More of them are no ragged end any more: sales have really fallen. */
const MOST_SPARSE = 3;
/** What is usual: the median of so many months before, at least so many. */
const USUAL = { most: 12, least: 3 };

/**
 * Where the data end. The month of the last purchase is not over unless that was on its last day. Exports also end in
 * a trickle (Olist: 6,000 orders in a month, then 16, then 4), which would look like a collapse of sales: up to three
 * months at the end are left out when they have, per day, under a tenth of the orders of the median month of the year
 * before. A fall that has lasted longer is none.
 *
 * @returns null without sales that count
 */
export async function calendarOf(marts: Marts): Promise<Calendar | null> {
  const months = await marts.read(
    `SELECT substr(CAST(purchase_date AS VARCHAR), 1, 7) AS "period", count(*) AS orders
     FROM orders WHERE counts AND items > 0 GROUP BY substr(CAST(purchase_date AS VARCHAR), 1, 7)`,
    (row) => [textOf(row, "period"), numberOf(row, "orders")] as const,
  );
  const orders = new Map(months);
  const [firstMonth] = [...orders.keys()].sort();
  if (firstMonth === undefined || marts.asOf === null) return null;
  return calendar(firstMonth, marts.asOf, (month) => orders.get(month) ?? 0);
}

/** {@link calendarOf} of orders per month. `asOf`: the last day with a purchase. */
export function calendar(firstMonth: string, asOf: string, orders: (month: string) => number): Calendar {
  const perDay = (month: string) => {
    const days = month === asOf.slice(0, 7) ? Number(asOf.slice(8, 10)) : daysIn(month);
    return orders(month) / days;
  };
  const isSparse = (month: string) => {
    const before = monthsBetween(firstMonth, monthAfter(month, -1)).slice(-USUAL.most);
    return before.length >= USUAL.least && perDay(month) < SPARSE * median(before.map(perDay));
  };
  const months = monthsBetween(firstMonth, asOf.slice(0, 7));
  const kept = months.findLastIndex((month) => !isSparse(month)) + 1;
  const sparse = months.length - kept > MOST_SPARSE ? [] : months.slice(kept);
  const last = monthAfter(asOf.slice(0, 7), -sparse.length);
  const lastDay = sparse.length === 0 ? asOf : `${last}-${String(daysIn(last)).padStart(2, "0")}`;
  const isWhole = Number(lastDay.slice(8, 10)) === daysIn(last);
  const whole = isWhole ? last : monthAfter(last, -1);
  return { firstMonth, lastDay, lastWholeMonth: whole < firstMonth ? null : whole, sparseMonths: sparse };
}

/** Months from one to another, both included; none when the first is the later. */
export function monthsBetween(first: string, last: string): string[] {
  const size = monthNumber(last) - monthNumber(first) + 1;
  return Array.from({ length: Math.max(0, size) }, (_, i) => monthAfter(first, i));
}

/** Days from one to another, both included. */
export function daysBetween(first: string, last: string): string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  const size = (Date.parse(`${last}T00:00:00Z`) - start) / DAY_MS + 1;
  return Array.from({ length: Math.max(0, size) }, (_, i) =>
    new Date(start + i * DAY_MS).toISOString().slice(0, 10),
  );
}

const DAY_MS = 86_400_000;

function monthAfter(month: string, months: number): string {
  const number = monthNumber(month) + months;
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

function daysIn(month: string): number {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
