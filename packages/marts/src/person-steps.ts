import { martStep, money, share, whole } from "./mart-step.ts";
import type { Step } from "./source-steps.ts";

// What is summed per person. Most bought once, in one category: what needs a comparison of orders (the latest place, the
// days after the first, the favourite category) is worked out for the others only.

const days: Step = {
  name: "person_days",
  sql: `
    SELECT customer_id, purchase_date, count(*) AS orders, ${whole("sum(pieces)")} AS items,
      ${money("sum(revenue + freight)")} AS spend, ${whole("sum(reviews)")} AS reviews,
      ${whole("sum(stars)")} AS stars, min(region) AS region, min(city) AS city,
      min(first_category) AS first_category, max(last_category) AS last_category
    FROM mart_orders WHERE counts GROUP BY customer_id, purchase_date`,
};

/** `region` and `city` are right where there is one order. */
const sums: Step = {
  name: "person_sums",
  sql: `
    SELECT customer_id, min(purchase_date) AS first_purchase, max(purchase_date) AS last_purchase, count(*) AS days,
      ${whole("sum(orders)")} AS orders, ${whole("sum(items)")} AS items, ${money("sum(spend)")} AS spend,
      ${whole("sum(reviews)")} AS reviews, ${whole("sum(stars)")} AS stars, min(region) AS region, min(city) AS city,
      min(first_category) AS first_category, max(last_category) AS last_category
    FROM person_days GROUP BY customer_id`,
};

/** Region and city of the latest order, of those with several. */
const places: Step = {
  name: "person_places",
  sql: `
    SELECT customer_id, region, city FROM (
      SELECT o.customer_id, o.region, o.city,
        row_number() OVER (PARTITION BY o.customer_id ORDER BY o.purchased_at DESC, o.order_id DESC) AS place
      FROM mart_orders o JOIN person_sums s ON s.customer_id = o.customer_id
      WHERE o.counts AND s.orders > 1
    ) ranked WHERE place = 1`,
};

const repeats: Step = {
  name: "person_repeats",
  sql: `
    SELECT d.customer_id, sum(d.spend) AS spend
    FROM person_days d JOIN person_sums s ON s.customer_id = d.customer_id
    WHERE s.days > 1 AND d.purchase_date > s.first_purchase GROUP BY d.customer_id`,
};

/** The category with most revenue, of those who bought in several; of equal ones the first by name. */
const favourites: Step = {
  name: "person_favourites",
  sql: `
    SELECT customer_id, category FROM (
      SELECT customer_id, category, row_number() OVER (PARTITION BY customer_id ORDER BY revenue DESC, category) AS place
      FROM (
        SELECT c.customer_id, c.category, sum(c.revenue) AS revenue
        FROM order_categories c JOIN person_sums s ON s.customer_id = c.customer_id
        WHERE s.first_category <> s.last_category GROUP BY c.customer_id, c.category
      ) several
    ) ranked WHERE place = 1`,
};

const customers = martStep("customers", {
  columns: {
    customer_id: "s.customer_id",
    region: "COALESCE(p.region, s.region)",
    city: "COALESCE(p.city, s.city)",
    mean_order_value: share("s.spend", "s.orders"),
    repeat_days: "s.days - 1",
    recency_days: "date_diff('day', s.first_purchase, s.last_purchase)",
    age_days: "date_diff('day', s.first_purchase, d.as_of)",
    days_since_last: "date_diff('day', s.last_purchase, d.as_of)",
    spend: "s.spend",
    mean_repeat_spend: `COALESCE(${share("r.spend", "s.days - 1")}, 0E0)`,
    favourite_category: "COALESCE(f.category, s.first_category)",
    mean_review_score: share("s.stars", "s.reviews"),
    as_of: "d.as_of",
  },
  from: `person_sums s
    CROSS JOIN last_day d
    LEFT JOIN person_places p ON p.customer_id = s.customer_id
    LEFT JOIN person_repeats r ON r.customer_id = s.customer_id
    LEFT JOIN person_favourites f ON f.customer_id = s.customer_id`,
});

/** The steps up to the mart of customers, each over the ones before it. */
export const personSteps: readonly Step[] = [days, sums, places, repeats, favourites, customers];
