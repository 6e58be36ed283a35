// Made of sql/*.sql by `npm run queries -w @penstock/features`: change it there.

/** The queries of the features and of the split, with `:name` for their parameters. */
export const queryTexts = {
  "user-features": `
    WITH
    active AS (
      SELECT DISTINCT i.user_id FROM interactions i WHERE i.day >= :from
    ),
    by_category AS (
      SELECT i.user_id, i.category,
        count(*) AS seen,
        count(*) FILTER (WHERE i.interaction_type = 'purchase') AS purchases,
        count(i.price) FILTER (WHERE i.interaction_type = 'purchase') AS priced,
        CAST(sum(CAST(i.price * CAST('100' AS DECIMAL(3, 0)) AS BIGINT)) FILTER (WHERE i.interaction_type = 'purchase') AS BIGINT) AS cents,
        min(i.occurred_at) AS first_at,
        max(i.occurred_at) AS last_at
      FROM interactions i JOIN active a ON a.user_id = i.user_id
      GROUP BY i.user_id, i.category
    ),
    totals AS (
      SELECT user_id,
        CAST(sum(seen) AS BIGINT) AS total_interactions,
        CAST(sum(purchases) AS BIGINT) AS total_purchases,
        CAST(sum(priced) AS BIGINT) AS priced,
        CAST(sum(cents) AS BIGINT) AS cents,
        count(*) FILTER (WHERE purchases > 0 AND category IS NOT NULL) AS bought_categories,
        min(first_at) AS first_at,
        max(last_at) AS last_at
      FROM by_category GROUP BY user_id
    ),
    ranked AS (
      SELECT user_id, category, last_at,
        rank() OVER (PARTITION BY user_id ORDER BY seen DESC, last_at) AS place
      FROM by_category WHERE category IS NOT NULL
    ),
    foremost AS (
      SELECT user_id, min(category) AS category, count(*) AS equally FROM ranked WHERE place = 1 GROUP BY user_id
    ),
    undecided AS (
      SELECT r.user_id, r.category, r.last_at
      FROM ranked r JOIN foremost l ON l.user_id = r.user_id
      WHERE r.place = 1 AND l.equally > 1
    ),
    decided AS (
      SELECT user_id, category, row_number() OVER (PARTITION BY user_id ORDER BY last_id) AS place
      FROM (
        SELECT u.user_id, u.category, max(i.interaction_id) AS last_id
        FROM interactions i
        JOIN undecided u ON u.user_id = i.user_id AND u.category = i.category AND u.last_at = i.occurred_at
        GROUP BY u.user_id, u.category
      ) last_ones
    ),
    durations AS (
      SELECT user_id, count(*) AS sessions, CAST(sum(seconds) AS BIGINT) AS seconds
      FROM (
        SELECT i.user_id, i.session_id, date_diff('second', min(i.occurred_at), max(i.occurred_at)) AS seconds
        FROM interactions i JOIN active a ON a.user_id = i.user_id
        WHERE i.session_id IS NOT NULL
        GROUP BY i.user_id, i.session_id
      ) sessions
      GROUP BY user_id
    )
    SELECT
      t.user_id AS user_id,
      t.total_interactions AS total_interactions,
      t.total_purchases AS total_purchases,
      CAST(s.seconds AS DOUBLE) / NULLIF(CAST(s.sessions AS DOUBLE), 0E0) AS avg_session_duration,
      COALESCE(d.category, l.category) AS favorite_category,
      CAST(t.cents AS DOUBLE) / NULLIF(CAST(t.priced AS DOUBLE) * 100E0, 0E0) AS avg_price_point,
      CAST(date_diff('day', t.last_at, :as_of) AS BIGINT) AS recency_days,
      CASE
        WHEN date_diff('day', t.first_at, :as_of) < 7 THEN CAST(t.total_interactions AS DOUBLE)
        ELSE CAST(t.total_interactions AS DOUBLE) * 7E0
          / NULLIF(CAST(date_diff('day', t.first_at, :as_of) AS DOUBLE), 0E0)
      END AS frequency_score,
      CASE
        WHEN t.total_purchases = 0 THEN CAST('0' AS DECIMAL(18, 2))
        ELSE CAST(CAST(t.cents AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(3, 2)) AS DECIMAL(18, 2))
      END AS monetary_value,
      CAST(t.bought_categories AS DOUBLE) / NULLIF(CAST(t.total_purchases AS DOUBLE), 0E0) AS diversity_score
    FROM totals t
    LEFT JOIN foremost l ON l.user_id = t.user_id
    LEFT JOIN decided d ON d.user_id = t.user_id AND d.place = 1
    LEFT JOIN durations s ON s.user_id = t.user_id
  `,
  "item-features": `
    WITH
    by_category AS (
      SELECT product_id, category,
        count(*) FILTER (WHERE interaction_type = 'view') AS views,
        count(*) FILTER (WHERE interaction_type = 'view' AND occurred_at >= :recent_from) AS recent_views,
        count(*) FILTER (WHERE interaction_type = 'purchase') AS purchases,
        count(rating) AS ratings,
        sum(CAST(rating AS DECIMAL(9, 6))) AS stars,
        min(CASE WHEN interaction_type = 'view' THEN occurred_at END) AS first_view_at,
        max(CASE WHEN interaction_type = 'purchase' THEN occurred_at END) AS last_purchase_at,
        max(day) AS last_day
      FROM interactions i GROUP BY product_id, category
    ),
    totals AS (
      SELECT product_id,
        CAST(sum(views) AS DOUBLE) AS views,
        CAST(sum(recent_views) AS DOUBLE) AS recent_views,
        CAST(sum(purchases) AS DOUBLE) AS purchases,
        CAST(sum(ratings) AS DOUBLE) AS ratings,
        CAST(sum(stars) AS DOUBLE) AS stars,
        min(first_view_at) AS first_view_at,
        max(last_purchase_at) AS last_purchase_at
      FROM by_category GROUP BY product_id HAVING max(last_day) >= :from
    ),
    category_views AS (
      SELECT category, CAST(sum(views) AS DOUBLE) AS views FROM by_category WHERE category IS NOT NULL GROUP BY category
    ),
    all_views AS (
      SELECT CAST(sum(views) AS DOUBLE) AS views FROM by_category
    ),
    priced AS (
      SELECT product_id,
        CAST(rank() OVER (PARTITION BY category ORDER BY price) - 1 AS DOUBLE) AS cheaper,
        CAST(count(*) OVER (PARTITION BY category) - 1 AS DOUBLE) AS others
      FROM products p WHERE price IS NOT NULL AND category IS NOT NULL AND is_active
    )
    SELECT
      t.product_id AS product_id,
      CASE
        WHEN date_diff('day', p.created_at, :as_of) < 1 THEN t.views
        ELSE t.views / NULLIF(CAST(date_diff('day', p.created_at, :as_of) AS DOUBLE), 0E0)
      END AS popularity_score,
      t.purchases / NULLIF(t.views, 0E0) AS conversion_rate,
      t.stars / NULLIF(t.ratings, 0E0) AS avg_rating,
      CASE WHEN r.others = 0E0 THEN 0E0 ELSE r.cheaper / NULLIF(r.others, 0E0) END AS price_percentile,
      COALESCE(
        1E0 / NULLIF(CAST(date_diff('day', t.last_purchase_at, :as_of) + 1 AS DOUBLE), 0E0), 0E0
      ) AS recency_score,
      CASE WHEN p.category IS NOT NULL THEN COALESCE(c.views, 0E0) / NULLIF(a.views, 0E0) END AS category_popularity,
      (t.recent_views / 7E0) / NULLIF(
        (t.views - t.recent_views)
          / NULLIF(CAST(date_diff('day', CAST(t.first_view_at AS DATE), CAST(:recent_from AS DATE)) AS DOUBLE), 0E0),
        0E0
      ) AS trending_score
    FROM totals t
    CROSS JOIN all_views a
    LEFT JOIN products p ON p.product_id = t.product_id
    LEFT JOIN priced r ON r.product_id = t.product_id
    LEFT JOIN category_views c ON c.category = p.category
  `,
  "interaction-features": `
    WITH
    user_numbers AS (
      SELECT user_id, row_number() OVER (ORDER BY user_id) AS user_no
      FROM (SELECT DISTINCT user_id FROM interactions i WHERE day >= :from) active
    ),
    category_numbers AS (
      SELECT category, row_number() OVER (ORDER BY category) AS category_no
      FROM (SELECT DISTINCT category FROM interactions i WHERE category IS NOT NULL) known
    ),
    brand_numbers AS (
      SELECT brand, row_number() OVER (ORDER BY brand) AS brand_no
      FROM (SELECT DISTINCT brand FROM interactions i WHERE brand IS NOT NULL) known
    ),
    numbered AS (
      SELECT u.user_no, c.category_no, b.brand_no, i.session_id,
        i.interaction_type = 'purchase' AS bought,
        CAST(i.price * CAST('100' AS DECIMAL(3, 0)) AS BIGINT) AS cents,
        CAST(date_diff('day', DATE '2000-01-01', CAST(i.occurred_at AS DATE)) AS BIGINT) * 268435456
          + CAST(row_number() OVER (PARTITION BY i.day ORDER BY i.occurred_at, i.interaction_id) AS BIGINT) AS n
      FROM interactions i
      JOIN user_numbers u ON u.user_id = i.user_id
      LEFT JOIN category_numbers c ON c.category = i.category
      LEFT JOIN brand_numbers b ON b.brand = i.brand
    ),
    in_session AS (
      SELECT n, user_no, category_no, brand_no, bought, cents,
        CASE WHEN session_id IS NOT NULL
          THEN CAST(row_number() OVER (PARTITION BY user_no, session_id ORDER BY n) AS BIGINT) END AS session_position
      FROM numbered
    ),
    counted AS (
      SELECT n, user_no, category_no, brand_no, bought, cents, session_position,
        CASE WHEN category_no IS NULL THEN 0
          ELSE CAST(row_number() OVER (PARTITION BY user_no, category_no ORDER BY n) AS BIGINT) - 1 END AS of_category,
        lag(n) OVER (PARTITION BY user_no, category_no ORDER BY n) AS category_n,
        CASE WHEN brand_no IS NULL THEN 0
          ELSE CAST(row_number() OVER (PARTITION BY user_no, brand_no ORDER BY n) AS BIGINT) - 1 END AS of_brand
      FROM in_session
    ),
    known AS (
      SELECT n, category_no, brand_no, cents, of_category, category_n, of_brand, session_position,
        max(CASE WHEN category_no IS NOT NULL THEN (of_category + 1) * 8796093022208 - n END)
          OVER (PARTITION BY user_no ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best,
        sum(CASE WHEN category_no IS NULL THEN 0 ELSE 2 * of_category + 1 END
          + CASE WHEN brand_no IS NULL THEN 0 ELSE 2 * of_brand + 1 END)
          OVER (PARTITION BY user_no ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS squares,
        sum(CASE WHEN bought THEN cents END)
          OVER (PARTITION BY user_no ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS spent,
        count(CASE WHEN bought THEN cents END)
          OVER (PARTITION BY user_no ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS purchases
      FROM counted
    ),
    computed AS (
      SELECT n, session_position,
        CAST(of_category + of_brand AS DOUBLE) / NULLIF(sqrt(abs(
          CAST(squares AS DOUBLE)
            * (CASE WHEN category_no IS NULL THEN 0E0 ELSE 1E0 END + CASE WHEN brand_no IS NULL THEN 0E0 ELSE 1E0 END)
        )), 0E0) AS user_item_affinity,
        CASE WHEN category_no IS NOT NULL AND best IS NOT NULL
          THEN COALESCE(of_category * 8796093022208 - category_n, 0) = best END AS category_match,
        CASE WHEN purchases > 0
          THEN abs(spent - cents * purchases) * 5 < spent END AS price_match
      FROM known
      WHERE n > CAST(date_diff('day', DATE '2000-01-01', CAST(:from AS DATE)) AS BIGINT) * 268435456
    ),
    wanted AS (
      SELECT occurred_at, interaction_id, user_id, product_id, interaction_type,
        CAST(date_diff('day', DATE '2000-01-01', CAST(i.occurred_at AS DATE)) AS BIGINT) * 268435456
          + CAST(row_number() OVER (PARTITION BY i.day ORDER BY i.occurred_at, i.interaction_id) AS BIGINT) AS n
      FROM interactions i WHERE i.day >= :from
    )
    SELECT
      w.occurred_at AS occurred_at,
      w.interaction_id AS interaction_id,
      w.user_id AS user_id,
      w.product_id AS product_id,
      w.interaction_type AS interaction_type,
      c.user_item_affinity AS user_item_affinity,
      c.category_match AS category_match,
      c.price_match AS price_match,
      CAST(hour(w.occurred_at) AS BIGINT) AS time_of_day,
      CAST(date_diff('day', CAST(date_trunc('week', w.occurred_at) AS DATE), CAST(w.occurred_at AS DATE)) AS BIGINT) + 1
        AS day_of_week,
      c.session_position AS session_position
    FROM wanted w JOIN computed c ON c.n = w.n
  `,
  split: `
    WITH
    days AS (
      SELECT CAST(occurred_at AS DATE) AS day, count(*) AS n FROM features f GROUP BY CAST(occurred_at AS DATE)
    ),
    sizes AS (
      SELECT floor(CAST(sum(n) AS DOUBLE) * 7E0 / 10E0) AS train, floor(CAST(sum(n) AS DOUBLE) * 8E0 / 10E0) AS validation
      FROM days
    ),
    days_before AS (
      SELECT day,
        COALESCE(sum(n) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM days
    ),
    last_days AS (
      SELECT max(CASE WHEN d.before < s.train THEN d.day END) AS train,
        max(CASE WHEN d.before < s.validation THEN d.day END) AS validation
      FROM days_before d CROSS JOIN sizes s
    ),
    moments AS (
      SELECT CAST(f.occurred_at AS DATE) AS day, f.occurred_at, count(*) AS n
      FROM features f CROSS JOIN last_days l
      WHERE CAST(f.occurred_at AS DATE) = l.train OR CAST(f.occurred_at AS DATE) = l.validation
      GROUP BY CAST(f.occurred_at AS DATE), f.occurred_at
    ),
    moments_before AS (
      SELECT m.occurred_at,
        d.before + COALESCE(sum(m.n) OVER (
          PARTITION BY m.day ORDER BY m.occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM moments m JOIN days_before d ON d.day = m.day
    ),
    last_moments AS (
      SELECT max(CASE WHEN m.before < s.train THEN m.occurred_at END) AS train,
        max(CASE WHEN m.before < s.validation THEN m.occurred_at END) AS validation
      FROM moments_before m CROSS JOIN sizes s
    )
    SELECT f.*,
      CASE
        WHEN f.occurred_at <= l.train THEN 'train'
        WHEN f.occurred_at <= l.validation THEN 'validation'
        ELSE 'test'
      END AS split
    FROM features f CROSS JOIN last_moments l
  `,
} as const;
