import { access } from "node:fs/promises";
import path from "node:path";
import { text } from "@penstock/runtime";
import { type ClickSource, unknownInteraction, unknownProduct } from "./source.ts";

/**
 * The Complete Journey data set: `transactions_sample.parquet`, `products.parquet`, `demographics.parquet`. Every line of a
 * basket is a purchase, a basket is a session, a household a user. A product's price is, from the
 * first of a month on, the median of what a piece of it was sold for until then: no purchase sees a later price, those of
 * the first month see none. A household joined, and a product was made, when it was first seen. A basket's id is a whole number, which the source writes as 4e+10 once.
 * @returns undefined when the folder is not of this form
 */
export async function completeJourney(folder: string): Promise<ClickSource | undefined> {
  const file = (name: string) => path.join(folder, name);
  const names = ["transactions_sample.parquet", "products.parquet", "demographics.parquet"];
  const there = await Promise.all(
    names.map((name) =>
      access(file(name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (there.includes(false)) return undefined;
  const read = (name: string) => `SELECT * FROM read_parquet(${text(file(name))})`;
  return {
    title: "Complete Journey",
    interactions: `
      WITH lines AS (${read("transactions_sample.parquet")})
      SELECT
        'cj_' || row_number() OVER (
          ORDER BY transaction_time_utc, basket_id, product_id, store_id, quantity, sales_value, retail_disc, coupon_disc
        ) AS interaction_id,
        'household_' || household_id AS user_id, 'product_' || product_id AS product_id,
        'purchase' AS interaction_type, transaction_time_utc AS occurred_at, 'basket_' || CAST(basket_id AS BIGINT) AS session_id,
        ${unknownInteraction}, 'store' AS page_context
      FROM lines`,
    monthly: true,
    products: (day) => `
      WITH sold AS (
        SELECT product_id, min(transaction_time_utc) AS first_sold, CAST(
            median(sales_value / quantity) FILTER (quantity > 0 AND transaction_time_utc < DATE ${text(day)})
            AS DECIMAL(12, 2)
          ) AS price
        FROM (${read("transactions_sample.parquet")}) GROUP BY product_id
      )
      SELECT 'product_' || product_id AS product_id, product_type AS name, product_category AS category,
        product_type AS subcategory, 'manufacturer_' || manufacturer_id AS brand, price, first_sold AS created_at,
        ${unknownProduct}
      FROM (${read("products.parquet")}) LEFT JOIN sold USING (product_id)`,
    users: `
      WITH seen AS (
        SELECT household_id, min(transaction_time_utc) AS join_date
        FROM (${read("transactions_sample.parquet")}) GROUP BY household_id
      )
      SELECT 'household_' || household_id AS user_id, age AS age_group, NULL AS gender, NULL AS location, join_date,
        income AS customer_segment, NULL AS preferences
      FROM seen FULL JOIN (${read("demographics.parquet")}) USING (household_id)`,
  };
}
