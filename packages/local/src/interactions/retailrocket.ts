import { access } from "node:fs/promises";
import path from "node:path";
import { text } from "@penstock/runtime";
import { type ClickSource, unknownInteraction, unknownProduct } from "./source.ts";

/** Half an hour without an interaction ends a visit: the source has no sessions, and web analytics count so. */
const SESSION_GAP = "INTERVAL 30 MINUTE";

/**
 * The Retailrocket data set: `interactions.parquet` (user_idx, item_idx, event, event_time in UTC). Its ids are renumbered:
 * the raw set's `item_properties*.csv` speak of other ids, so that no item has a category, though `category_tree.csv` is
 * there. Prices are not in the set. A user joined, and a product was made, when the first of its interactions was seen.
 * @returns undefined when the folder is not of this form
 */
export async function retailrocket(folder: string): Promise<ClickSource | undefined> {
  const file = path.join(folder, "interactions.parquet");
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  const events = `SELECT user_idx, item_idx, event, event_time FROM read_parquet(${text(file)})`;
  return {
    title: "Retailrocket",
    interactions: `
      WITH events AS (${events}),
      visits AS (
        SELECT *, event_time - lag(event_time) OVER of_user > ${SESSION_GAP} AS anew
        FROM events WINDOW of_user AS (PARTITION BY user_idx ORDER BY event_time, item_idx, event)
      )
      SELECT
        'rr_' || row_number() OVER (ORDER BY event_time, user_idx, item_idx, event) AS interaction_id,
        'user_' || user_idx AS user_id,
        'item_' || item_idx AS product_id,
        CASE event WHEN 'addtocart' THEN 'add_to_cart' WHEN 'transaction' THEN 'purchase' ELSE event END AS interaction_type,
        event_time AS occurred_at,
        'sess_' || user_idx || '_' || count(*) FILTER (anew) OVER (
          PARTITION BY user_idx ORDER BY event_time, item_idx, event ROWS UNBOUNDED PRECEDING) AS session_id,
        ${unknownInteraction}, NULL AS page_context
      FROM visits`,
    monthly: false,
    products: () => `
      WITH events AS (${events})
      SELECT 'item_' || item_idx AS product_id, NULL AS name, NULL AS category, NULL AS subcategory, NULL AS brand,
        CAST(NULL AS DECIMAL(12, 2)) AS price, min(event_time) AS created_at, ${unknownProduct}
      FROM events GROUP BY item_idx`,
    users: `
      WITH events AS (${events})
      SELECT 'user_' || user_idx AS user_id, NULL AS age_group, NULL AS gender, NULL AS location,
        min(event_time) AS join_date, NULL AS customer_segment, NULL AS preferences
      FROM events GROUP BY user_idx`,
  };
}
