import { martStep, money, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

/** The orders that count of persons with several. */
const orders: Step = {
  name: "person_orders",
  sql: `
    SELECT o.* FROM mart_orders o JOIN several_orders s ON s.customer_id = o.customer_id WHERE o.counts`,
};

const sums: Step = {
  name: "person_sums",
  sql: `
    SELECT customer_id, min(purchase_date) AS first_purchase, max(purchase_date) AS last_purchase, count(*) AS orders,
      ${whole("sum(pieces)")} AS items, ${money("sum(revenue + freight)")} AS spend,
      count(DISTINCT purchase_date) - 1 AS repeat_days, ${whole("sum(reviews)")} AS reviews,
      ${whole("sum(stars)")} AS stars
    FROM person_orders GROUP BY customer_id`,
};

/** Region and city of the latest order. */
const places: Step = {
  name: "person_places",
  sql: `
    SELECT customer_id, region, city FROM (
      SELECT customer_id, region, city,
        row_number() OVER (PARTITION BY customer_id ORDER BY purchased_at DESC, order_id DESC) AS place
      FROM person_orders
    ) ranked WHERE place = 1`,
};

/** What was spent on the days after the first. */
const repeats: Step = {
  name: "person_repeats",
  sql: `
    SELECT o.customer_id, sum(o.revenue + o.freight) AS spend
    FROM person_orders o JOIN person_sums s ON s.customer_id = o.customer_id
    WHERE o.purchase_date > s.first_purchase GROUP BY o.customer_id`,
};

/** The category with most revenue, of persons with several lines; of equal ones the first by name. */
const favourites: Step = {
  name: "person_favourites",
  sql: `
    SELECT customer_id, category FROM (
      SELECT customer_id, category, row_number() OVER (PARTITION BY customer_id ORDER BY revenue DESC, category) AS place
      FROM (
        SELECT customer_id, category, sum(revenue) AS revenue FROM mart_sales
        WHERE counts AND NOT (is_only_line AND is_only_order) GROUP BY customer_id, category
      ) several
    ) ranked WHERE place = 1`,
};

const customers = martStep("customers", {
  columns: {
    customer_id: "c.customer_id",
    mean_order_value: share("spend", "orders"),
    recency_days: "date_diff('day', first_purchase, last_purchase)",
    age_days: "date_diff('day', first_purchase, as_of)",
    days_since_last: "date_diff('day', last_purchase, as_of)",
    mean_repeat_spend: `COALESCE(${share("repeat_spend", "repeat_days")}, 0E0)`,
    favourite_category: "COALESCE(f.category, only_category)",
    mean_review_score: share("stars", "reviews"),
  },
  from: `(
    SELECT o.customer_id, o.region, o.city, o.purchase_date AS first_purchase, o.purchase_date AS last_purchase,
      1 AS orders, o.pieces AS items, ${money("o.revenue + o.freight")} AS spend, 0 AS repeat_days,
      CAST('0' AS DECIMAL(18, 2)) AS repeat_spend, o.only_category, o.reviews, o.stars
    FROM mart_orders o LEFT JOIN several_orders s ON s.customer_id = o.customer_id
    WHERE o.counts AND s.customer_id IS NULL
    UNION ALL
    SELECT s.customer_id, p.region, p.city, s.first_purchase, s.last_purchase, s.orders, s.items, s.spend,
      s.repeat_days, ${money("r.spend")} AS repeat_spend, CAST(NULL AS VARCHAR) AS only_category, s.reviews, s.stars
    FROM person_sums s
    JOIN person_places p ON p.customer_id = s.customer_id
    LEFT JOIN person_repeats r ON r.customer_id = s.customer_id
  ) c
  CROSS JOIN last_day
  LEFT JOIN person_favourites f ON f.customer_id = c.customer_id`,
});

/** The steps up to the mart of customers, each over the ones before it. */
export const personSteps: readonly Step[] = [orders, sums, places, repeats, favourites, customers];
