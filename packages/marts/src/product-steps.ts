import type { Step } from "./source-steps.ts";

const money = (sql: string) => `CAST(${sql} AS DECIMAL(18, 2))`;
const whole = (sql: string) => `CAST(${sql} AS BIGINT)`;

/** The steps that sum per product, each over the ones before it. */
export const productSteps: readonly Step[] = [
  {
    name: "product_orders",
    sql: `
      SELECT product_id, order_id, sum(quantity) AS quantity, ${money("sum(revenue)")} AS revenue,
        min(purchase_date) AS purchase_date, max(reviews) AS reviews, max(stars) AS stars
      FROM lines WHERE counts GROUP BY product_id, order_id`,
  },
  {
    name: "product_sums",
    sql: `
      SELECT product_id, count(*) AS orders, ${whole("sum(quantity)")} AS quantity, ${money("sum(revenue)")} AS revenue,
        min(purchase_date) AS first_sold, max(purchase_date) AS last_sold, ${whole("sum(reviews)")} AS reviews,
        ${whole("sum(stars)")} AS stars
      FROM product_orders GROUP BY product_id`,
  },
  {
    name: "product_sellers",
    sql: "SELECT product_id, count(DISTINCT seller_id) AS sellers FROM lines WHERE counts GROUP BY product_id",
  },
  {
    name: "product_stock",
    sql: "SELECT product_id, sum(quantity) AS stock FROM latest_inventory GROUP BY product_id",
  },
];
