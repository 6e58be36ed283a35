import { martStep, money, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

const late = "CASE WHEN is_late THEN 1 WHEN NOT is_late THEN 0 END";

/** One row per order that counts and category in it, so that an order counts once per category. */
const orderCategories = `
  SELECT category, customer_id, is_only_order, region, month, purchase_date, quantity, revenue,
    CAST(freight AS DECIMAL(18, 2)) AS freight, cost, CASE WHEN cost IS NULL THEN 1 ELSE 0 END AS unknown_costs,
    ${late} AS late, reviews, stars
  FROM mart_sales WHERE counts AND is_only_line
  UNION ALL
  SELECT category, customer_id, is_only_order, region, month, purchase_date, ${whole("sum(quantity)")} AS quantity,
    ${money("sum(revenue)")} AS revenue, ${money("sum(freight)")} AS freight, ${money("sum(cost)")} AS cost,
    count(*) - count(cost) AS unknown_costs, max(${late}) AS late, max(reviews) AS reviews, max(stars) AS stars
  FROM mart_sales WHERE counts AND NOT is_only_line
  GROUP BY order_id, category, customer_id, is_only_order, region, month, purchase_date`;

/** Persons among rows of orders: whoever ordered once is counted without being compared. */
const persons =
  "count(*) FILTER (WHERE is_only_order) + count(DISTINCT CASE WHEN NOT is_only_order THEN customer_id END)";

/** The marts of days and months. */
export const periodSteps: readonly Step[] = [
  martStep("daily_sales", {
    columns: { sale_date: "purchase_date" },
    from: `(
      SELECT purchase_date, region, category, min(month) AS month, count(*) AS orders,
        ${persons} AS customers, sum(quantity) AS quantity, sum(revenue) AS revenue,
        sum(freight) AS freight
      FROM (${orderCategories}) c GROUP BY purchase_date, region, category
    ) g`,
  }),
  martStep("regional_sales", {
    columns: {
      cost: "CASE WHEN unknown_costs = 0 THEN cost END",
      late_share: share("late", "delivered"),
      mean_review_score: share("stars", "reviews"),
    },
    from: `(
      SELECT month, region, category, count(*) AS orders, ${persons} AS customers,
        sum(quantity) AS quantity, sum(revenue) AS revenue, sum(freight) AS freight, sum(cost) AS cost,
        sum(unknown_costs) AS unknown_costs, sum(late) AS late, count(late) AS delivered, sum(stars) AS stars,
        sum(reviews) AS reviews
      FROM (${orderCategories}) c GROUP BY month, region, category
    ) g`,
  }),
];
