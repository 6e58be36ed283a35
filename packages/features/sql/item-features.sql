-- Features of products, as of :as_of: what happened to each up to then. One row per product with an interaction from :from
-- on; what is said of its category and its rank counts all products.
--
-- Reads  interactions  clean interactions of all days up to the run's last one
--        products      the clean catalogue of the run's last day, with those that are not for sale
-- Takes  :from         first day of the run, 'YYYY-MM-DD'
--        :as_of        midnight that ends the run's last day, a timestamp
--        :recent_from  :as_of less 7 days, a timestamp
--
-- product_id           the product
-- popularity_score     views by the whole days of 24 hours from the product's creation to :as_of, which count as one at
--                      least; 0 without views, null where the catalogue does not tell the creation
-- conversion_rate      purchases per view; above 1 where more was bought than viewed, null without views
-- avg_rating           mean of the ratings that came with interactions, each taken to six decimal places; null without any
-- price_percentile     percent rank of the price within the catalogue's category: the share of its other priced products for
--                      sale that are cheaper. Equal prices have equal ranks; 0 for the only one; null without a price or a
--                      category, and for what is not for sale
-- recency_score        1 / (whole days of 24 hours from the last purchase to :as_of + 1); 0 when it was never bought
-- category_popularity  share of all views that were of the category that the product is of now. A view counts for the
--                      category that its product had then. Null without a category, or without any view at all
-- trending_score       views a day in the 7 days before :as_of by views a day before them, from the day of the product's first
--                      view on; null without a view before the 7 days, so that what is new has no trend
--
-- Sums are of whole numbers: the same on every engine whatever the order of the rows.

WITH
-- A product may have been of several categories.
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
