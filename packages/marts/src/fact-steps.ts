import type { Step } from "./source-steps.ts";

// What the marts have in common, each thing worked out once. Sums are cast to types that Parquet has: engines keep a
// step that several others read.

/** Rows of a kind of sum, as the marts have it. */
const money = (sql: string) => `CAST(${sql} AS DECIMAL(18, 2))`;
const whole = (sql: string) => `CAST(${sql} AS BIGINT)`;

/** Orders on the list of those that break a rule over several tables. */
const leftOut: Step = {
  name: "left_out",
  sql: "SELECT DISTINCT order_id FROM violations",
};

const orderReviews: Step = {
  name: "order_reviews",
  sql: `SELECT order_id, count(*) AS reviews, ${whole("sum(score)")} AS stars FROM latest_reviews GROUP BY order_id`,
};

/** One row per order of a known customer that breaks no rule. */
const orderFacts: Step = {
  name: "order_facts",
  sql: `
    SELECT o.order_id, c.person_id AS customer_id, o.purchased_at, CAST(o.purchased_at AS DATE) AS purchase_date,
      substr(CAST(CAST(o.purchased_at AS DATE) AS VARCHAR), 1, 7) AS month,
      o.status, o.status NOT IN ('canceled', 'unavailable') AS counts, c.state AS region, c.city,
      date_diff('day', o.purchased_at, o.delivered_at) AS delivery_days,
      CAST(o.delivered_at AS DATE) > CAST(o.estimated_delivery_at AS DATE) AS is_late,
      COALESCE(r.reviews, 0) AS reviews, COALESCE(r.stars, 0) AS stars
    FROM latest_orders o
    JOIN latest_customers c ON c.customer_id = o.customer_id
    LEFT JOIN left_out v ON v.order_id = o.order_id
    LEFT JOIN order_reviews r ON r.order_id = o.order_id
    WHERE v.order_id IS NULL`,
};

/** One row per line of such an order, of a known product and seller. */
const lines: Step = {
  name: "lines",
  sql: `
    SELECT l.*, ${money("l.unit_cost * l.pieces")} AS cost,
      ${money(`l.revenue - ${money("l.unit_cost * l.pieces")}`)} AS margin
    FROM (
      SELECT i.order_id, i.order_item_id, o.purchased_at, o.purchase_date, o.month, o.status, o.counts, o.customer_id,
        o.region, o.city, i.product_id, COALESCE(p.category, 'unknown') AS category, i.seller_id,
        s.state AS seller_region, COALESCE(i.quantity, 1) AS quantity,
        CAST(COALESCE(i.quantity, 1) AS DECIMAL(8, 0)) AS pieces, i.price, i.freight_value AS freight,
        ${money("i.price * CAST(COALESCE(i.quantity, 1) AS DECIMAL(8, 0))")} AS revenue, p.unit_cost,
        o.delivery_days, o.is_late, o.reviews, o.stars
      FROM latest_order_items i
      JOIN order_facts o ON o.order_id = i.order_id
      JOIN latest_products p ON p.product_id = i.product_id
      JOIN latest_sellers s ON s.seller_id = i.seller_id
    ) l`,
};

const orderLines: Step = {
  name: "order_lines",
  sql: `
    SELECT order_id, count(*) AS items, ${whole("sum(quantity)")} AS pieces, ${money("sum(revenue)")} AS revenue,
      ${money("sum(freight)")} AS freight
    FROM lines GROUP BY order_id`,
};

/**
 * The type of the largest payment is found without a sort: amount and type as one text, the amount in as many digits for
 * each, so that the greatest text is that of the greatest amount. Of equal amounts the last type by name wins.
 */
const orderPayments: Step = {
  name: "order_payments",
  sql: `
    SELECT order_id, count(*) AS payments, ${money("sum(value)")} AS paid, max(installments) AS installments,
      substr(max(CAST(value + CAST('100000000000.00' AS DECIMAL(14, 2)) AS VARCHAR) || payment_type), 16) AS payment_type
    FROM latest_payments GROUP BY order_id`,
};

/** One row per order with what was owed and paid. */
const orderRows: Step = {
  name: "order_rows",
  sql: `
    SELECT o.order_id, o.customer_id, o.purchased_at, o.purchase_date, o.month, o.status, o.counts, o.region, o.city,
      COALESCE(l.items, 0) AS items, COALESCE(l.pieces, 0) AS pieces,
      COALESCE(l.revenue, CAST('0' AS DECIMAL(18, 2))) AS revenue,
      COALESCE(l.freight, CAST('0' AS DECIMAL(18, 2))) AS freight, ${money("l.revenue + l.freight")} AS owed,
      COALESCE(p.payments, 0) AS payments, COALESCE(p.paid, CAST('0' AS DECIMAL(18, 2))) AS paid, p.payment_type,
      COALESCE(p.installments, 0) AS installments, o.delivery_days, o.is_late, o.reviews, o.stars
    FROM order_facts o
    LEFT JOIN order_lines l ON l.order_id = o.order_id
    LEFT JOIN order_payments p ON p.order_id = o.order_id`,
};

/** One row per order that counts and category in it, so that an order counts once per category. */
const orderCategories: Step = {
  name: "order_categories",
  sql: `
    SELECT order_id, category, min(customer_id) AS customer_id, min(region) AS region, min(month) AS month,
      min(purchase_date) AS purchase_date, ${whole("sum(quantity)")} AS quantity, ${money("sum(revenue)")} AS revenue,
      ${money("sum(freight)")} AS freight, ${money("sum(cost)")} AS cost,
      count(*) - count(cost) AS unknown_costs, max(CASE WHEN is_late THEN 1 WHEN NOT is_late THEN 0 END) AS late,
      max(reviews) AS reviews, max(stars) AS stars
    FROM lines WHERE counts GROUP BY order_id, category`,
};

/** The last day of purchases; one row, NULL without any order. */
const lastDay: Step = { name: "last_day", sql: "SELECT max(purchase_date) AS as_of FROM order_facts" };

/** The steps in the order in which they build on each other. */
export const factSteps: readonly Step[] = [
  leftOut,
  orderReviews,
  orderFacts,
  lastDay,
  lines,
  orderLines,
  orderPayments,
  orderRows,
  orderCategories,
];
