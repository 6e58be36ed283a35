-- Features of interactions: what was known of the user and the product when they met. One row per interaction from :from
-- on. Nothing later than the interaction counts, and it does not count itself: *earlier* is in the order of (occurred_at,
-- interaction_id), which is total, so that of two at one moment the one with the smaller id is earlier.
--
-- Reads  interactions  clean interactions of all days up to the run's last one, with their product's category, brand and
--                      price as they were known at the time
-- Takes  :from   first day of the run, 'YYYY-MM-DD'
--
-- occurred_at         moment of the interaction
-- interaction_id      the interaction
-- user_id             the user
-- product_id          the product
-- interaction_type    view, add_to_cart or purchase
-- user_item_affinity  cosine of two vectors with a dimension for each category and for each brand. The user's vector counts
--                     the user's earlier interactions of each; the item's is 1 at its category and at its brand. 0 where
--                     nothing earlier was of either; null where nothing earlier has a category or brand, as for the first
--                     interaction, or the item has neither
-- category_match      whether the item's category is the user's favourite up to then: the one with most of the earlier
--                     interactions; of equally many the one that had so many first. Null where nothing earlier has a
--                     category, or the item has none
-- price_match         whether the item's price differs from the mean price of the user's earlier purchases by less than a
--                     fifth of that mean. Null without an earlier purchase of a known price, or without a price of the item
-- time_of_day         hour of the moment, 0 to 23, UTC
-- day_of_week         1 for Monday to 7 for Sunday, UTC
-- session_position    place of the interaction in its session, from 1; null outside of a session. The same session_id of two
--                     users is two sessions
--
-- Windows sort, and what is sorted decides the time: users, categories and brands are numbers here, and each interaction is
-- one, so that texts are sorted twice, day by day, and no more.

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
-- All interactions of the users that have one from :from on. Their numbers are in the order of all: 2^28 times the day,
-- counted from 2000 on, and the place in the day; so a day has less than 268 million of them. The day is taken from the
-- moment, for `day` is a text, and a cast of each costs as much as a window.
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
-- First of all the place in the session, whose name is the last text.
in_session AS (
  SELECT n, user_no, category_no, brand_no, bought, cents,
    CASE WHEN session_id IS NOT NULL
      THEN CAST(row_number() OVER (PARTITION BY user_no, session_id ORDER BY n) AS BIGINT) END AS session_position
  FROM numbered
),
-- Earlier ones of the same category and brand, and the number of the last of the category.
counted AS (
  SELECT n, user_no, category_no, brand_no, bought, cents, session_position,
    CASE WHEN category_no IS NULL THEN 0
      ELSE CAST(row_number() OVER (PARTITION BY user_no, category_no ORDER BY n) AS BIGINT) - 1 END AS of_category,
    lag(n) OVER (PARTITION BY user_no, category_no ORDER BY n) AS category_n,
    CASE WHEN brand_no IS NULL THEN 0
      ELSE CAST(row_number() OVER (PARTITION BY user_no, brand_no ORDER BY n) AS BIGINT) - 1 END AS of_brand
  FROM in_session
),
-- What is known before each. A category's latest interaction weighs how many it had then, and of equally many more the
-- earlier it is: 2^43 times the count, which is less than a million, less the number. The greatest weight so far is the
-- favourite's. The length of the user's vector grows with each interaction, from n^2 to (n + 1)^2 of a category or brand: by
-- 2n + 1.
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
-- The interactions that get a row, by the same numbers: of the days from :from on all users are among those above.
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
