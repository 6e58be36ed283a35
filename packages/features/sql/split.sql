-- The temporal split of interactions for training: the oldest 70 % are to learn from, the next 10 % to validate with, the
-- latest 20 % to test on, so that a model is judged by what it could not have seen.
--
-- Reads  features  interaction features of all days
--
-- All columns of the interaction features, and
-- split  'train', 'validation' or 'test'. Sorted by occurred_at, of n rows the first floor(0.7 n) are train and those up to
--        floor(0.8 n) validation, to the row. Rows of one moment are never parted: where a boundary falls among them they
--        all belong to the part that the first of them is in. Of a single row it is test
--
-- Not all rows are sorted: days are counted first, then the moments of the two days in which a boundary lies.

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
