import { martStep, money, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

const late = "CASE WHEN is_late THEN 1 WHEN NOT is_late THEN 0 END";

/** One row per order that counts and category in it, so that an order counts once per category. */
const orderCategories = `
  SELECT category, region, month, purchase_date, is_only_order, quantity, revenue,
    CAST(freight AS DECIMAL(18, 2)) AS freight, cost, CASE WHEN cost IS NULL THEN 1 ELSE 0 END AS unknown_costs,
    ${late} AS late, reviews, stars
  FROM mart_sales WHERE counts AND is_only_line
  UNION ALL
  SELECT category, region, month, purchase_date, is_only_order, ${whole("sum(quantity)")} AS quantity,
    ${money("sum(revenue)")} AS revenue, ${money("sum(freight)")} AS freight, ${money("sum(cost)")} AS cost,
    count(*) - count(cost) AS unknown_costs, max(${late}) AS late, max(reviews) AS reviews, max(stars) AS stars
  FROM mart_sales WHERE counts AND NOT is_only_line
  GROUP BY order_id, category, region, month, purchase_date, is_only_order`;

/** Sums of a day, region and category. Persons of one order are counted here without being compared. */
const daySums: Step = {
  name: "day_sums",
  sql: `
    SELECT purchase_date, region, category, min(month) AS month, count(*) AS orders,
      count(*) FILTER (WHERE is_only_order) AS only_orders, ${whole("sum(quantity)")} AS quantity,
      ${money("sum(revenue)")} AS revenue, ${money("sum(freight)")} AS freight, ${money("sum(cost)")} AS cost,
      ${whole("sum(unknown_costs)")} AS unknown_costs, ${whole("sum(late)")} AS late, count(late) AS delivered,
      ${whole("sum(stars)")} AS stars, ${whole("sum(reviews)")} AS reviews
    FROM (${orderCategories}) c GROUP BY purchase_date, region, category`,
};

/** The days, regions and categories in which persons of several orders bought, a row per person. */
const returning: Step = {
  name: "returning_days",
  sql: `
    SELECT DISTINCT purchase_date, month, region, category, customer_id FROM mart_sales WHERE counts AND NOT is_only_order`,
};

/** The marts of days and months. */
export const periodSteps: readonly Step[] = [
  daySums,
  returning,
  martStep("daily_sales", {
    columns: {
      sale_date: "d.purchase_date",
      region: "d.region",
      category: "d.category",
      customers: "d.only_orders + COALESCE(r.persons, 0)",
    },
    from: `day_sums d
    LEFT JOIN (
      SELECT purchase_date, region, category, count(*) AS persons FROM returning_days
      GROUP BY purchase_date, region, category
    ) r ON r.purchase_date = d.purchase_date AND r.region = d.region AND r.category = d.category`,
  }),
  martStep("regional_sales", {
    columns: {
      month: "m.month",
      region: "m.region",
      category: "m.category",
      customers: "m.only_orders + COALESCE(r.persons, 0)",
      cost: "CASE WHEN unknown_costs = 0 THEN cost END",
      late_share: share("late", "delivered"),
      mean_review_score: share("stars", "reviews"),
    },
    from: `(
      SELECT month, region, category, sum(orders) AS orders, sum(only_orders) AS only_orders,
        sum(quantity) AS quantity, sum(revenue) AS revenue, sum(freight) AS freight, sum(cost) AS cost,
        sum(unknown_costs) AS unknown_costs, sum(late) AS late, sum(delivered) AS delivered, sum(stars) AS stars,
        sum(reviews) AS reviews
      FROM day_sums GROUP BY month, region, category
    ) m
    LEFT JOIN (
      SELECT month, region, category, count(DISTINCT customer_id) AS persons FROM returning_days
      GROUP BY month, region, category
    ) r ON r.month = m.month AND r.region = m.region AND r.category = m.category`,
  }),
];
