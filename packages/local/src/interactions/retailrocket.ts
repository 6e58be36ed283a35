import { access } from "node:fs/promises";
import path from "node:path";
import { text } from "@penstock/runtime";
import { type ClickSource, unknownInteraction, unknownProduct } from "./source.ts";

/** Half an hour without an interaction ends a visit: the source has no sessions, and web analytics count so. */
const SESSION_GAP = "INTERVAL 30 MINUTE";

/**
 * The Retailrocket data set: `interactions.parquet` (user_idx, item_idx, event, event_time in UTC). Where the raw set's
 * `item_properties*.csv` lie beside `category_tree.csv`, an item's category is the root above its latest `categoryid`, and
 * that is its subcategory; otherwise nobody knows. Prices are not in the set. A user joined, and a product was made,
 * when the first of its interactions was seen. @returns undefined when the folder is not of this form
 */
export async function retailrocket(folder: string): Promise<ClickSource | undefined> {
  const file = (name: string) => path.join(folder, name);
  const has = (name: string) =>
    access(file(name)).then(
      () => true,
      () => false,
    );
  if (!(await has("interactions.parquet"))) return undefined;
  const events = `SELECT user_idx, item_idx, event, event_time FROM read_parquet(${text(file("interactions.parquet"))})`;
  const categories =
    (await has("category_tree.csv")) && (await has("item_properties_part1.csv"))
      ? knownCategories(file("category_tree.csv"), file("item_properties*.csv"))
      : "SELECT NULL AS itemid, NULL AS category, NULL AS subcategory WHERE false";
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
    products: `
      WITH events AS (${events}), categories AS (${categories})
      SELECT 'item_' || item_idx AS product_id, NULL AS name, any_value(category) AS category,
        any_value(subcategory) AS subcategory, NULL AS brand, CAST(NULL AS DECIMAL(12, 2)) AS price,
        min(event_time) AS created_at, ${unknownProduct}
      FROM events LEFT JOIN categories ON categories.itemid = events.item_idx
      GROUP BY item_idx`,
    users: `
      WITH events AS (${events})
      SELECT 'user_' || user_idx AS user_id, NULL AS age_group, NULL AS gender, NULL AS location,
        min(event_time) AS join_date, NULL AS customer_segment, NULL AS preferences
      FROM events GROUP BY user_idx`,
  };
}

/** Each item with the root of the tree above its latest category. A category that the tree does not have is its own root. */
function knownCategories(tree: string, properties: string): string {
  return `
    WITH RECURSIVE tree AS (SELECT categoryid, parentid FROM read_csv(${text(tree)}, header = true)),
    roots AS (
      SELECT categoryid, categoryid AS root FROM tree WHERE parentid IS NULL
      UNION ALL
      SELECT tree.categoryid, roots.root FROM tree JOIN roots ON tree.parentid = roots.categoryid
    ),
    latest AS (
      SELECT itemid, arg_max(value, "timestamp") AS categoryid
      FROM read_csv(${text(properties)}, header = true, all_varchar = true)
      WHERE property = 'categoryid' GROUP BY itemid
    )
    SELECT CAST(itemid AS BIGINT) AS itemid,
      'category_' || coalesce(CAST(root AS VARCHAR), latest.categoryid) AS category,
      'category_' || latest.categoryid AS subcategory
    FROM latest LEFT JOIN roots ON roots.categoryid = TRY_CAST(latest.categoryid AS BIGINT)`;
}
