import { contracts } from "@penstock/contracts";
import { text } from "@penstock/runtime";
import { martStep, money, NO_MONEY, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

/** Orders on the list of those that break a rule over several tables. */
const leftOut: Step = { name: "left_out", sql: "SELECT DISTINCT order_id FROM violations" };

/** Persons with several orders that count. */
const severalOrders: Step = {
  name: "several_orders",
  sql: "SELECT customer_id FROM mart_orders WHERE counts GROUP BY customer_id HAVING count(*) > 1",
};

/** The last day of purchases; one row, NULL without any order. */
const lastDay: Step = { name: "last_day", sql: "SELECT max(purchase_date) AS as_of FROM mart_orders" };

/** One row per line of a known product and seller, its order known or not. */
const lines: Step = {
  name: "lines",
  sql: `
    SELECT l.*, ${money("l.price * l.pieces")} AS revenue, ${money("l.unit_cost * l.pieces")} AS cost
    FROM (
      SELECT i.order_id, i.order_item_id, i.product_id, COALESCE(p.category, 'unknown') AS category, i.seller_id,
        s.state AS seller_region, COALESCE(i.quantity, 1) AS quantity, i.price, i.freight_value AS freight, p.unit_cost,
        CAST(COALESCE(i.quantity, 1) AS DECIMAL(8, 0)) AS pieces
      FROM latest_order_items i
      JOIN latest_products p ON p.product_id = i.product_id
      JOIN latest_sellers s ON s.seller_id = i.seller_id
    ) l`,
};

const types = contracts.payments.schema.entries.payment_type.options;

const orderLines: Step = {
  name: "order_lines",
  sql: `
    SELECT order_id, count(*) AS items, ${whole("sum(quantity)")} AS pieces, ${money("sum(revenue)")} AS revenue,
      ${money("sum(freight)")} AS freight, max(category) AS category
    FROM lines GROUP BY order_id`,
};

/**
 * The type of the largest payment is found without a sort: cents and the number of the type as one number, so that the
 * greatest is that of the greatest amount. Of equal amounts the first type of the contract wins.
 */
const orderPayments: Step = {
  name: "order_payments",
  sql: `
    SELECT order_id, payments, paid, installments,
      CASE ranked - largest ${types.map((type, index) => `WHEN ${index} THEN ${text(type)}`).join(" ")} END AS payment_type
    FROM (
      SELECT order_id, count(*) AS payments, ${money("sum(value)")} AS paid, max(installments) AS installments,
        max(CAST(value * CAST('10000' AS DECIMAL(5, 0)) AS BIGINT) + 99 - CASE payment_type ${types.map((type, index) => `WHEN ${text(type)} THEN ${index}`).join(" ")} END) AS largest,
        CAST(max(value) * CAST('10000' AS DECIMAL(5, 0)) AS BIGINT) + 99 AS ranked
      FROM latest_payments GROUP BY order_id
    ) p`,
};

const orderReviews: Step = {
  name: "order_reviews",
  sql: `SELECT order_id, count(*) AS reviews, ${whole("sum(score)")} AS stars FROM latest_reviews GROUP BY order_id`,
};

/** One row per order of a known customer that breaks no rule. */
const orders = martStep("orders", {
  columns: {
    order_id: "o.order_id",
    customer_id: "c.person_id",
    purchase_date: "CAST(o.purchased_at AS DATE)",
    month: "substr(CAST(CAST(o.purchased_at AS DATE) AS VARCHAR), 1, 7)",
    counts: "o.status NOT IN ('canceled', 'unavailable')",
    region: "c.state",
    items: "COALESCE(l.items, 0)",
    revenue: `COALESCE(l.revenue, ${NO_MONEY})`,
    freight: `COALESCE(l.freight, ${NO_MONEY})`,
    owed: "l.revenue + l.freight",
    payments: "COALESCE(p.payments, 0)",
    paid: `COALESCE(p.paid, ${NO_MONEY})`,
    installments: "COALESCE(p.installments, 0)",
    delivery_days: "date_diff('day', o.purchased_at, o.delivered_at)",
    is_late: "CAST(o.delivered_at AS DATE) > CAST(o.estimated_delivery_at AS DATE)",
    review_score: share("r.stars", "r.reviews"),
  },
  more: [
    "COALESCE(l.pieces, 0) AS pieces",
    "COALESCE(r.reviews, 0) AS reviews",
    "COALESCE(r.stars, 0) AS stars",
    "CASE WHEN l.items = 1 THEN l.category END AS only_category",
  ],
  from: `latest_orders o
    JOIN latest_customers c ON c.customer_id = o.customer_id
    LEFT JOIN left_out v ON v.order_id = o.order_id
    LEFT JOIN order_lines l ON l.order_id = o.order_id
    LEFT JOIN order_payments p ON p.order_id = o.order_id
    LEFT JOIN order_reviews r ON r.order_id = o.order_id
    WHERE v.order_id IS NULL`,
});

/** One row per line of such an order. */
const sales = martStep("sales", {
  columns: {
    order_id: "l.order_id",
    customer_id: "o.customer_id",
    revenue: "l.revenue",
    freight: "l.freight",
    margin: "l.revenue - l.cost",
  },
  more: ["o.reviews", "o.stars", "o.items = 1 AS is_only_line", "r.customer_id IS NULL AS is_only_order"],
  from: `lines l
    JOIN mart_orders o ON o.order_id = l.order_id
    LEFT JOIN several_orders r ON r.customer_id = o.customer_id`,
});

/** Lines, orders, and what the other marts sum, each step over the ones before it. */
export const orderSteps: readonly Step[] = [
  leftOut,
  lines,
  orderLines,
  orderPayments,
  orderReviews,
  orders,
  lastDay,
  severalOrders,
  sales,
];
