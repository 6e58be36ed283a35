import { text } from "@penstock/runtime";

/** What a query by hand takes: moments as DuckDB writes them. */
export interface HandWindow {
  /** Midnight after the last day, `YYYY-MM-DD`. */
  readonly until: string;
}

/**
 * The features of every group by hand: written for DuckDB alone by the definitions in the comments of
 * `packages/features/sql`, not by the queries there. They read views `interactions` and `products`, and write what the
 * pipeline writes: all columns, in the same order, in one file a group, with nothing later in any feature.
 *
 * What they leave out counts for the pipeline, and is not taken off its time. They know that each generated row has a
 * category, a brand, a price and a session, decide a favourite category by moments alone, and give rows to all days, where
 * the issue asks for nulls, ties and windows of days. They read files of this disk and leave theirs there, in a process
 * that stands: fetching from S3, uploading to it and starting processes are the pipeline's only.
 */
export function queriesByHand({ until }: HandWindow): Readonly<Record<string, string>> {
  const asOf = `TIMESTAMP ${text(until)}`;
  return { user: userQuery(asOf), item: itemQuery(asOf), interaction: interactionQuery() };
}

function userQuery(asOf: string): string {
  return `
    WITH per_user AS (
      SELECT user_id, count(*) AS total_interactions,
        count(*) FILTER (interaction_type = 'purchase') AS total_purchases,
        avg(price) FILTER (interaction_type = 'purchase') AS avg_price_point,
        coalesce(sum(price) FILTER (interaction_type = 'purchase'), 0) AS monetary_value,
        count(DISTINCT category) FILTER (interaction_type = 'purchase') AS bought_categories,
        min(occurred_at) AS first_at, max(occurred_at) AS last_at
      FROM interactions GROUP BY user_id
    ),
    durations AS (
      SELECT user_id, avg(length) AS avg_session_duration FROM (
        SELECT user_id, date_sub('second', min(occurred_at), max(occurred_at)) AS length
        FROM interactions GROUP BY user_id, session_id
      ) GROUP BY user_id
    ),
    favorites AS (
      SELECT DISTINCT ON (user_id) user_id, category FROM (
        SELECT user_id, category, count(*) AS seen, max(occurred_at) AS reached
        FROM interactions GROUP BY user_id, category
      ) ORDER BY user_id, seen DESC, reached
    )
    SELECT user_id, total_interactions, total_purchases, avg_session_duration, favorites.category AS favorite_category,
      avg_price_point, date_sub('day', last_at, ${asOf}) AS recency_days,
      total_interactions * 7 / greatest(date_sub('day', first_at, ${asOf}), 7) AS frequency_score,
      monetary_value, bought_categories / nullif(total_purchases, 0) AS diversity_score
    FROM per_user JOIN durations USING (user_id) JOIN favorites USING (user_id)
    ORDER BY user_id`;
}

function itemQuery(asOf: string): string {
  const recent = `${asOf} - INTERVAL 7 DAY`;
  return `
    WITH per_item AS (
      SELECT product_id, count(*) FILTER (interaction_type = 'view') AS views,
        count(*) FILTER (interaction_type = 'view' AND occurred_at >= ${recent}) AS recent_views,
        count(*) FILTER (interaction_type = 'purchase') AS purchases, avg(rating) AS avg_rating,
        min(occurred_at) FILTER (interaction_type = 'view') AS first_view_at,
        max(occurred_at) FILTER (interaction_type = 'purchase') AS last_purchase_at
      FROM interactions GROUP BY product_id
    ),
    per_category AS (
      SELECT category, count(*) AS views FROM interactions WHERE interaction_type = 'view' GROUP BY category
    ),
    ranks AS (
      SELECT product_id, percent_rank() OVER (PARTITION BY category ORDER BY price) AS price_percentile FROM products
    )
    SELECT product_id, per_item.views / greatest(date_sub('day', created_at, ${asOf}), 1) AS popularity_score,
      purchases / nullif(per_item.views, 0) AS conversion_rate, per_item.avg_rating AS avg_rating, price_percentile,
      coalesce(1 / (date_sub('day', last_purchase_at, ${asOf}) + 1), 0) AS recency_score,
      coalesce(per_category.views, 0) / (SELECT sum(views) FROM per_category) AS category_popularity,
      (recent_views / 7) / nullif(
        (per_item.views - recent_views)
          / nullif(date_diff('day', CAST(first_view_at AS DATE), CAST(${recent} AS DATE)), 0), 0) AS trending_score
    FROM per_item JOIN products USING (product_id) JOIN ranks USING (product_id) LEFT JOIN per_category USING (category)
    ORDER BY product_id`;
}

function interactionQuery(): string {
  return `
    WITH numbered AS (
      SELECT *,
        row_number() OVER (PARTITION BY user_id, category ORDER BY occurred_at, interaction_id) - 1 AS of_category,
        row_number() OVER (PARTITION BY user_id, brand ORDER BY occurred_at, interaction_id) - 1 AS of_brand,
        row_number() OVER (PARTITION BY user_id, session_id ORDER BY occurred_at, interaction_id) AS session_position
      FROM interactions
    ),
    known AS (
      SELECT *,
        sum(2 * of_category + 1 + 2 * of_brand + 1) OVER earlier AS squares,
        arg_max(category, of_category) OVER earlier AS favorite,
        sum(price) FILTER (interaction_type = 'purchase') OVER earlier AS spent,
        count(price) FILTER (interaction_type = 'purchase') OVER earlier AS bought
      FROM numbered
      WINDOW earlier AS (
        PARTITION BY user_id ORDER BY occurred_at, interaction_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    )
    SELECT occurred_at, interaction_id, user_id, product_id, interaction_type,
      (of_category + of_brand) / sqrt(squares * 2) AS user_item_affinity,
      favorite = category AS category_match,
      -- Of sums in cents: a difference of exactly a fifth is none in floating point.
      CASE WHEN bought > 0 THEN abs(spent - price * bought) * 5 < spent END AS price_match,
      hour(occurred_at) AS time_of_day, isodow(occurred_at) AS day_of_week, session_position
    FROM known ORDER BY occurred_at, interaction_id`;
}
