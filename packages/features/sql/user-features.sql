-- Features of users, as of :as_of: what each user did up to then. One row per user with an interaction from :from on.
--
-- Reads  interactions  clean interactions of all days up to the run's last one
-- Takes  :from   first day of the run, 'YYYY-MM-DD'
--        :as_of  midnight that ends the run's last day, a timestamp
--
-- user_id               the user
-- total_interactions    interactions of any type; at least 1
-- total_purchases       those of the type purchase; 0 without any
-- avg_session_duration  seconds from a session's first interaction to its last, whole ones of each session, mean over the
--                       user's sessions; 0 where each has one interaction, null where no interaction is of a session. The
--                       same session_id of two users is two sessions
-- favorite_category     the mode: category with most interactions. Of equally many it is the one that had so many first,
--                       in the order of (occurred_at, interaction_id). Null where no category is known
-- avg_price_point       mean price of the purchases, over those with a known price; null without any
-- recency_days          whole days of 24 hours from the last interaction to :as_of
-- frequency_score       interactions a week: all of them by the weeks (days / 7) from the first one to :as_of, which count as
--                       one week at least, so that who came yesterday for the first time has as many a week as in all
-- monetary_value        sum of the purchases' known prices; 0.00 without purchases, null where they all lack a price
-- diversity_score       different known categories among the purchases per purchase, 0 to 1; null without purchases
--
-- Sums are of whole cents and counts: the same on every engine whatever the order of the rows.

WITH
active AS (
  SELECT DISTINCT i.user_id FROM interactions i WHERE i.day >= :from
),
-- Everything but the sessions can be told from sums per category.
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
-- Of equally many, the category whose last interaction is the earliest had them first.
ranked AS (
  SELECT user_id, category, last_at,
    rank() OVER (PARTITION BY user_id ORDER BY seen DESC, last_at) AS place
  FROM by_category WHERE category IS NOT NULL
),
foremost AS (
  SELECT user_id, min(category) AS category, count(*) AS equally FROM ranked WHERE place = 1 GROUP BY user_id
),
-- The last ones may be of one moment, which is rare: then their ids decide.
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
