import { contracts } from "@penstock/contracts";
import { text } from "@penstock/runtime";
import { martStep, money, NO_MONEY, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

/** Orders on the list of those that break a rule over several tables. */
const leftOut: Step = { name: "left_out", sql: "SELECT DISTINCT order_id FROM violations" };

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

// Nine of ten orders have one line, and most persons one order. Whatever is summed per order or person is taken as it
// is from these, and grouped for the others only: grouping everything by texts of 32 letters took a third of a build.

/** Orders of several lines, or of one that stands in several objects. */
const severalLines: Step = {
  name: "several_lines",
  sql: "SELECT order_id FROM curated_order_items GROUP BY order_id HAVING count(*) > 1",
};

/** Persons with several orders that count. */
const severalOrders: Step = {
  name: "several_orders",
  sql: "SELECT customer_id FROM order_facts WHERE counts GROUP BY customer_id HAVING count(*) > 1",
};

/** The last day of purchases; one row, NULL without any order. */
const lastDay: Step = { name: "last_day", sql: "SELECT max(purchase_date) AS as_of FROM order_facts" };

/** One row per line of such an order, of a known product and seller. */
const sales = martStep("sales", {
  columns: { cost: "l.unit_cost * l.pieces", margin: `l.revenue - ${money("l.unit_cost * l.pieces")}` },
  more: ["reviews", "stars", "is_only_line", "is_only_order"],
  from: `(
    SELECT i.order_id, i.order_item_id, o.purchased_at, o.purchase_date, o.month, o.status, o.counts, o.customer_id,
      o.region, o.city, i.product_id, COALESCE(p.category, 'unknown') AS category, i.seller_id,
      s.state AS seller_region, COALESCE(i.quantity, 1) AS quantity, i.price, i.freight_value AS freight,
      CAST(COALESCE(i.quantity, 1) AS DECIMAL(8, 0)) AS pieces,
      ${money("i.price * CAST(COALESCE(i.quantity, 1) AS DECIMAL(8, 0))")} AS revenue, p.unit_cost,
      o.delivery_days, o.is_late, o.reviews, o.stars, m.order_id IS NULL AS is_only_line,
      r.customer_id IS NULL AS is_only_order
    FROM latest_order_items i
    JOIN order_facts o ON o.order_id = i.order_id
    JOIN latest_products p ON p.product_id = i.product_id
    JOIN latest_sellers s ON s.seller_id = i.seller_id
    LEFT JOIN several_lines m ON m.order_id = i.order_id
    LEFT JOIN several_orders r ON r.customer_id = o.customer_id
  ) l`,
});

const orderLines: Step = {
  name: "order_lines",
  sql: `
    SELECT order_id, 1 AS items, quantity AS pieces, revenue, CAST(freight AS DECIMAL(18, 2)) AS freight,
      category AS only_category
    FROM mart_sales WHERE is_only_line
    UNION ALL
    SELECT order_id, count(*) AS items, ${whole("sum(quantity)")} AS pieces, ${money("sum(revenue)")} AS revenue,
      ${money("sum(freight)")} AS freight, CAST(NULL AS VARCHAR) AS only_category
    FROM mart_sales WHERE NOT is_only_line GROUP BY order_id`,
};

const types = contracts.payments.schema.entries.payment_type.options;

/**
 * The type of the largest payment is found without a sort: cents and the number of the type as one number, so that the
 * greatest is that of the greatest amount. Of equal amounts the first type of the contract wins.
 */
const orderPayments: Step = {
  name: "order_payments",
  sql: `
    SELECT order_id, payments, paid, installments,
      CASE ${types.map((type, index) => `WHEN largest = ranked - ${index} THEN ${text(type)}`).join(" ")} END AS payment_type
    FROM (
      SELECT order_id, count(*) AS payments, ${money("sum(value)")} AS paid, max(installments) AS installments,
        max(CAST(value * CAST('10000' AS DECIMAL(5, 0)) AS BIGINT) + 99 - CASE payment_type ${types.map((type, index) => `WHEN ${text(type)} THEN ${index}`).join(" ")} END) AS largest,
        CAST(max(value) * CAST('10000' AS DECIMAL(5, 0)) AS BIGINT) + 99 AS ranked
      FROM latest_payments GROUP BY order_id
    ) p`,
};

const orders = martStep("orders", {
  columns: {
    order_id: "o.order_id",
    items: "COALESCE(l.items, 0)",
    revenue: `COALESCE(l.revenue, ${NO_MONEY})`,
    freight: `COALESCE(l.freight, ${NO_MONEY})`,
    owed: "l.revenue + l.freight",
    payments: "COALESCE(p.payments, 0)",
    paid: `COALESCE(p.paid, ${NO_MONEY})`,
    installments: "COALESCE(p.installments, 0)",
    review_score: share("o.stars", "o.reviews"),
  },
  more: ["COALESCE(l.pieces, 0) AS pieces", "o.reviews", "o.stars", "l.only_category"],
  from: `order_facts o
    LEFT JOIN order_lines l ON l.order_id = o.order_id
    LEFT JOIN order_payments p ON p.order_id = o.order_id`,
});

/** Lines, orders, and what the other marts sum, each step over the ones before it. */
export const orderSteps: readonly Step[] = [
  leftOut,
  orderReviews,
  orderFacts,
  lastDay,
  severalLines,
  severalOrders,
  sales,
  orderLines,
  orderPayments,
  orders,
];
