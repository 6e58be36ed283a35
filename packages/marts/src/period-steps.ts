import { martStep, share } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

/** The marts of days and months. */
export const periodSteps: readonly Step[] = [
  martStep("daily_sales", {
    columns: { sale_date: "purchase_date" },
    from: `(
      SELECT purchase_date, region, category, min(month) AS month, count(*) AS orders,
        count(DISTINCT customer_id) AS customers, sum(quantity) AS quantity, sum(revenue) AS revenue,
        sum(freight) AS freight
      FROM order_categories GROUP BY purchase_date, region, category
    ) g`,
  }),
  martStep("regional_sales", {
    columns: {
      cost: "CASE WHEN unknown_costs = 0 THEN cost END",
      late_share: share("late", "delivered"),
      mean_review_score: share("stars", "reviews"),
    },
    from: `(
      SELECT month, region, category, count(*) AS orders, count(DISTINCT customer_id) AS customers,
        sum(quantity) AS quantity, sum(revenue) AS revenue, sum(freight) AS freight, sum(cost) AS cost,
        sum(unknown_costs) AS unknown_costs, sum(late) AS late, count(late) AS delivered, sum(stars) AS stars,
        sum(reviews) AS reviews
      FROM order_categories GROUP BY month, region, category
    ) g`,
  }),
];
