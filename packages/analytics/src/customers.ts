import type { Calendar } from "./calendar.ts";
import { numberOf, numberOrNull, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";
import { daysFrom } from "./months.ts";
import { countsWithin } from "./sales-days.ts";

/** What one person did within the span of the data; days are counted to the span's last. */
export interface Customer {
  readonly customer_id: string;
  readonly orders: number;
  /** Revenue and freight of the orders. */
  readonly spend: number;
  /** Days with an order after the first such day, and what was spent per such day; 0 without any. */
  readonly repeat_days: number;
  readonly mean_repeat_spend: number;
  readonly recency_days: number;
  readonly age_days: number;
  readonly days_since_last: number;
}

/**
 * The persons with an order in the span, by name. Made from the orders: the customers' mart counts to the last purchase of
 * anyone, so that one date gone wrong would make everybody look gone.
 */
export async function customersIn(marts: Marts, calendar: Calendar): Promise<Customer[]> {
  const isIn = countsWithin(calendar);
  const customers = await marts.read(
    `SELECT o.customer_id AS customer_id, count(*) AS orders,
            CAST(sum(o.revenue + o.freight) AS DOUBLE) AS spend,
            CAST(min(o.purchase_date) AS VARCHAR) AS first_day, CAST(max(o.purchase_date) AS VARCHAR) AS last_day,
            count(DISTINCT o.purchase_date) - 1 AS repeat_days,
            CAST(sum(CASE WHEN o.purchase_date > f.first_purchase THEN o.revenue + o.freight END) AS DOUBLE) AS repeat_spend
     FROM (SELECT customer_id, purchase_date, revenue, freight FROM orders WHERE ${isIn}) o
     JOIN (SELECT customer_id, min(purchase_date) AS first_purchase FROM orders WHERE ${isIn} GROUP BY customer_id) f
       ON f.customer_id = o.customer_id
     GROUP BY o.customer_id`,
    (row): Customer => {
      const [first, last] = [textOf(row, "first_day"), textOf(row, "last_day")];
      const repeats = numberOf(row, "repeat_days");
      return {
        customer_id: textOf(row, "customer_id"),
        orders: numberOf(row, "orders"),
        spend: numberOf(row, "spend"),
        repeat_days: repeats,
        mean_repeat_spend: repeats === 0 ? 0 : (numberOrNull(row, "repeat_spend") ?? 0) / repeats,
        recency_days: daysFrom(first, last),
        age_days: daysFrom(first, calendar.lastDay),
        days_since_last: daysFrom(last, calendar.lastDay),
      };
    },
  );
  // What is drawn under a seed depends on the order, and the engine has none.
  return customers.sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1));
}
