import type { Step } from "./source-steps.ts";

const money = (sql: string) => `CAST(${sql} AS DECIMAL(18, 2))`;
const whole = (sql: string) => `CAST(${sql} AS BIGINT)`;

// What is summed per person. Nine of ten bought once: what needs a comparison of orders (the latest place, the days
// after the first) is worked out for the others only.

const days: Step = {
  name: "person_days",
  sql: `
    SELECT customer_id, purchase_date, count(*) AS orders, ${whole("sum(pieces)")} AS items,
      ${money("sum(revenue + freight)")} AS spend, ${whole("sum(reviews)")} AS reviews,
      ${whole("sum(stars)")} AS stars, min(region) AS region, min(city) AS city
    FROM order_rows WHERE counts GROUP BY customer_id, purchase_date`,
};

/** `region` and `city` are right where there is one order. */
const sums: Step = {
  name: "person_sums",
  sql: `
    SELECT customer_id, min(purchase_date) AS first_purchase, max(purchase_date) AS last_purchase, count(*) AS days,
      ${whole("sum(orders)")} AS orders, ${whole("sum(items)")} AS items, ${money("sum(spend)")} AS spend,
      ${whole("sum(reviews)")} AS reviews, ${whole("sum(stars)")} AS stars, min(region) AS region, min(city) AS city
    FROM person_days GROUP BY customer_id`,
};

/** Region and city of the latest order, of those with several. */
const places: Step = {
  name: "person_places",
  sql: `
    SELECT customer_id, region, city FROM (
      SELECT o.customer_id, o.region, o.city,
        row_number() OVER (PARTITION BY o.customer_id ORDER BY o.purchased_at DESC, o.order_id DESC) AS place
      FROM order_rows o JOIN person_sums s ON s.customer_id = o.customer_id
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

/** As the type of the largest payment is found: revenue in as many digits for each, then the name. */
const favourites: Step = {
  name: "person_favourites",
  sql: `
    SELECT customer_id, substr(max(CAST(revenue + CAST('1000000000000000.00' AS DECIMAL(18, 2)) AS VARCHAR) || category), 20) AS category
    FROM (SELECT customer_id, category, ${money("sum(revenue)")} AS revenue FROM order_categories GROUP BY customer_id, category) c
    GROUP BY customer_id`,
};

/** The steps in the order in which they build on each other. */
export const personSteps: readonly Step[] = [days, sums, places, repeats, favourites];
