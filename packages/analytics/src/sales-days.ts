import { text } from "@penstock/runtime";
import { numberOf, textOf } from "./cells.ts";
import type { Marts } from "./marts.ts";

/** One day with orders that count. */
export interface SalesDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly orders: number;
  /** Hour of its latest purchase, UTC. */
  readonly lastHour: number;
}

/** The days with orders that count, also those of orders without lines: their customers were there. */
export function salesDays(marts: Marts): Promise<SalesDay[]> {
  return marts.read(
    `SELECT CAST(purchase_date AS VARCHAR) AS "day", count(*) AS orders,
            CAST(max(purchased_at) AS VARCHAR) AS latest
     FROM orders WHERE counts GROUP BY purchase_date`,
    (row) => ({
      day: textOf(row, "day"),
      orders: numberOf(row, "orders"),
      lastHour: Number(textOf(row, "latest").slice(11, 13)),
    }),
  );
}

/** Condition on `orders`: those that count within a span of days. Texts of days compare as the days do. */
export function countsWithin({ firstDay, lastDay }: { readonly firstDay: string; readonly lastDay: string }) {
  const day = "CAST(purchase_date AS VARCHAR)";
  return `counts AND ${day} >= ${text(firstDay)} AND ${day} <= ${text(lastDay)}`;
}
