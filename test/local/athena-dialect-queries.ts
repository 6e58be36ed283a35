/** A query as analysts write it, and its rows as Athena answers them; undefined for NULL. */
export type QueryCase = readonly [sql: string, rows: readonly (readonly (string | undefined)[])[]];

const sales = (values: string) =>
  `SELECT id::BIGINT AS order_id, customer AS customer_id, region, amount::DECIMAL(12,2) AS amount, quantity::INTEGER AS quantity,
     id / 2.0::DOUBLE AS score, day::DATE AS day, time::TIMESTAMP AS at, note, tags, extra
   FROM (VALUES ${values}) v(id, customer, region, amount, quantity, day, time, note, tags, extra)`;

/** Rows of the table `sales` by their month, in DuckDB's dialect. */
export const salesByMonth: Readonly<Record<string, string>> = {
  "2025-01": sales(
    `(1, 'c1', 'EU', 5.04, 1, '2025-01-16', '2025-01-16 08:00:00', ' first é ', ['a', 'b'], '{"channel": "web", "tags": ["new"]}'),
     (2, 'c2', 'US', 10.01, 2, '2025-01-31', '2025-01-31 23:45:30', '12 pieces', ['c'], NULL),
     (5, 'c2', 'EU', 15.05, 3, '2025-01-30', '2025-01-30 10:00:00', NULL, NULL, NULL)`,
  ),
  "2025-02": sales(
    `(3, 'c3', 'EU', 30.00, 3, '2025-02-01', '2025-02-01 00:00:00', NULL, [], '{}'),
     (4, 'c1', 'US', 9.97, 4, '2025-02-10', '2025-02-10 12:30:00', '10% off', ['a'], NULL),
     (6, 'c4', 'US', 5.03, 1, '2025-02-28', '2025-02-28 11:59:59', NULL, NULL, NULL)`,
  ),
};

/** Rows of the table `customers`. */
export const customersSql =
  "SELECT * FROM (VALUES ('c1', 'Ann'), ('c2', 'Ben'), ('c9', 'Zoe')) v(customer_id, name)";

/** Over the tables `sales` and `customers`. */
export const analystQueries: readonly QueryCase[] = [
  // Numbers
  ["SELECT count(*) FROM sales WHERE amount > 9.99", [["3"]]],
  [
    "SELECT region, avg(amount) FROM sales GROUP BY region ORDER BY region",
    [
      ["EU", "16.70"],
      ["US", "8.34"],
    ],
  ],
  ["SELECT sum(amount) / count(*) AS mean, sum(quantity) / count(*) AS pieces FROM sales", [["12.52", "2"]]],
  [
    "SELECT order_id, quantity % 2, mod(order_id, 3) FROM sales WHERE order_id < 3 ORDER BY 1",
    [
      ["1", "1", "1"],
      ["2", "0", "2"],
    ],
  ],
  [
    "SELECT round(100.0 * sum(amount) / (SELECT sum(amount) FROM sales), 1) AS share FROM sales WHERE region = 'EU'",
    [["66.700"]],
  ],
  [
    "SELECT round(avg(score), 2), ceil(max(score)), floor(min(amount)), abs(-5), power(2, 3) FROM sales",
    [["1.75", "3.0", "5", "5", "8.0"]],
  ],
  [
    "SELECT CAST(amount AS INTEGER), CAST(score AS VARCHAR), CAST(order_id AS VARCHAR(5)) FROM sales WHERE order_id = 3",
    [["30", "1.5", "3"]],
  ],
  ["SELECT TRY_CAST('1.5' AS INTEGER), try(1 / 0), coalesce(nullif(0, 0), 7)", [[undefined, undefined, "7"]]],
  [
    "SELECT stddev(quantity), variance(quantity), stddev_pop(quantity) FROM sales WHERE order_id IN (1, 3)",
    [["1.4142135623730951", "2.0", "1.0"]],
  ],
  [
    "SELECT approx_distinct(customer_id), approx_percentile(amount, 0.5), max_by(order_id, amount), min_by(order_id, amount) FROM sales",
    [["4", "9.97", "3", "6"]],
  ],
  [
    "SELECT corr(amount, quantity) > 0, count_if(amount > 10.0), bool_or(note IS NULL) FROM sales",
    [["true", "3", "true"]],
  ],
  [
    "SELECT avg(quantity), avg(CAST(quantity AS DOUBLE)), avg(DISTINCT quantity) FROM sales WHERE region = 'US'",
    [["2.3333333333333335", "2.3333333333333335", "2.3333333333333335"]],
  ],
  // Texts
  [
    "SELECT upper(region), lower(region), length(note), trim(note) FROM sales WHERE order_id = 1",
    [["EU", "eu", "9", "first é"]],
  ],
  [
    "SELECT substr(customer_id, 1, 1), substr(customer_id, -1), strpos(note, 'r'), replace(customer_id, 'c', 'C-') FROM sales WHERE order_id = 1",
    [["c", "1", "4", "C-1"]],
  ],
  [
    "SELECT split_part('a-b-c', '-', 2), lpad('7', 3, '0'), reverse('abc'), concat('a', 'b', 'c'), 'a' || 'b'",
    [["b", "007", "cba", "abc", "ab"]],
  ],
  ["SELECT order_id FROM sales WHERE regexp_like(note, '^\\s*f\\w+') ORDER BY 1", [["1"]]],
  [
    "SELECT regexp_extract(note, '(\\d+) pieces', 1), regexp_replace(note, '\\d', '#') FROM sales WHERE order_id = 2",
    [["12", "## pieces"]],
  ],
  ["SELECT order_id FROM sales WHERE note LIKE '%!%%' ESCAPE '!'", [["4"]]],
  [
    "SELECT json_extract_scalar(extra, '$.channel'), json_extract_scalar(extra, '$.tags[0]') FROM sales WHERE order_id = 1",
    [["web", "new"]],
  ],
  [
    "SELECT if(amount >= 10.0, 'big', 'small') AS size, count(*) AS n FROM sales GROUP BY if(amount >= 10.0, 'big', 'small') ORDER BY 1",
    [
      ["big", "3"],
      ["small", "3"],
    ],
  ],
  // Times
  [
    "SELECT date_trunc('month', day) AS month, sum(amount) AS total FROM sales GROUP BY 1 ORDER BY 1",
    [
      ["2025-01-01", "30.10"],
      ["2025-02-01", "45.00"],
    ],
  ],
  [
    "SELECT year(day), month(day), day_of_week(day), hour(at), quarter(day), week(day) FROM sales WHERE order_id = 1",
    [["2025", "1", "4", "8", "1", "3"]],
  ],
  [
    "SELECT date_add('month', 1, day), day + INTERVAL '1' DAY, at - INTERVAL '90' MINUTE FROM sales WHERE order_id = 2",
    [["2025-02-28", "2025-02-01", "2025-01-31 22:15:30.000"]],
  ],
  [
    "SELECT date_diff('day', min(day), max(day)), date_diff('hour', min(at), max(at)) FROM sales",
    [["43", "1035"]],
  ],
  [
    "SELECT date_format(at, '%Y-%m-%d %H:%i'), to_iso8601(day), date_parse('2025-02', '%Y-%m') FROM sales WHERE order_id = 1",
    [["2025-01-16 08:00", "2025-01-16", "2025-02-01 00:00:00.000"]],
  ],
  [
    "SELECT count(*) FROM sales WHERE day < current_date AND at < now() AND day BETWEEN DATE '2025-01-01' AND DATE '2025-01-31'",
    [["3"]],
  ],
  [
    "SELECT from_unixtime(1735689600), to_unixtime(TIMESTAMP '2025-01-01 00:00:00'), CAST(at AS DATE), CAST(day AS VARCHAR) FROM sales WHERE order_id = 1",
    [["2025-01-01 00:00:00.000 UTC", "1.7356896E9", "2025-01-16", "2025-01-16"]],
  ],
  ["SELECT order_id FROM sales WHERE date(at) >= date_add('day', -7, DATE '2025-03-01') ORDER BY 1", [["6"]]],
  // Joins and subqueries
  [
    "SELECT c.name, count(s.order_id) AS n FROM sales AS s RIGHT JOIN customers AS c ON s.customer_id = c.customer_id GROUP BY c.name ORDER BY c.name",
    [
      ["Ann", "2"],
      ["Ben", "2"],
      ["Zoe", "0"],
    ],
  ],
  [
    "SELECT coalesce(s.customer_id, c.customer_id) AS id, c.name, sum(s.amount) FROM sales s FULL OUTER JOIN customers c ON s.customer_id = c.customer_id GROUP BY 1, 2 ORDER BY 1",
    [
      ["c1", "Ann", "15.01"],
      ["c2", "Ben", "25.06"],
      ["c3", undefined, "30.00"],
      ["c4", undefined, "5.03"],
      ["c9", "Zoe", undefined],
    ],
  ],
  [
    "SELECT customer_id, name, amount FROM sales JOIN customers USING (customer_id) ORDER BY amount DESC LIMIT 2",
    [
      ["c2", "Ben", "15.05"],
      ["c2", "Ben", "10.01"],
    ],
  ],
  [
    "SELECT * FROM customers LEFT JOIN (SELECT customer_id, count(*) AS n FROM sales GROUP BY customer_id) USING (customer_id) ORDER BY customer_id",
    [
      ["c1", "Ann", "2"],
      ["c2", "Ben", "2"],
      ["c9", "Zoe", undefined],
    ],
  ],
  [
    "SELECT a.order_id, b.order_id FROM sales a JOIN sales b ON a.order_id = b.order_id - 1 WHERE a.order_id = 1",
    [["1", "2"]],
  ],
  [
    "SELECT order_id FROM sales WHERE customer_id IN (SELECT customer_id FROM customers) ORDER BY 1",
    [["1"], ["2"], ["4"], ["5"]],
  ],
  [
    "SELECT order_id FROM sales WHERE customer_id NOT IN (SELECT customer_id FROM customers) ORDER BY 1",
    [["3"], ["6"]],
  ],
  [
    "SELECT name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.customer_id = c.customer_id)",
    [["Zoe"]],
  ],
  [
    "SELECT order_id FROM sales WHERE amount >= ALL (SELECT amount FROM sales) OR order_id = ANY (VALUES 1, 2) ORDER BY 1",
    [["1"], ["2"], ["3"]],
  ],
  ["SELECT shop.sales.order_id FROM shop.sales WHERE shop.sales.order_id = 1", [["1"]]],
  // Sets, order, paging
  ["SELECT customer_id FROM sales INTERSECT SELECT customer_id FROM customers ORDER BY 1", [["c1"], ["c2"]]],
  ["SELECT customer_id FROM customers EXCEPT SELECT customer_id FROM sales", [["c9"]]],
  ["SELECT region FROM sales UNION SELECT name FROM customers ORDER BY 1 LIMIT 2", [["Ann"], ["Ben"]]],
  ["SELECT order_id FROM sales ORDER BY order_id OFFSET 2 LIMIT 2", [["3"], ["4"]]],
  ["SELECT order_id FROM sales ORDER BY amount DESC, order_id FETCH FIRST 2 ROWS ONLY", [["3"], ["5"]]],
  ["SELECT note FROM sales WHERE order_id IN (1, 5) ORDER BY note DESC", [[" first é "], [undefined]]],
  ["SELECT DISTINCT region FROM sales ORDER BY region DESC", [["US"], ["EU"]]],
  [
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (n, s) ORDER BY n DESC",
    [
      ["2", "b"],
      ["1", "a"],
    ],
  ],
  // Groups
  [
    "SELECT region, month, sum(amount) FROM sales GROUP BY ROLLUP (region, month) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST LIMIT 3",
    [
      [undefined, undefined, "75.10"],
      ["EU", undefined, "50.09"],
      ["EU", "2025-01", "20.09"],
    ],
  ],
  [
    "SELECT region, grouping(region), count(*) FROM sales GROUP BY GROUPING SETS ((region), ()) ORDER BY 2, 1",
    [
      ["EU", "0", "3"],
      ["US", "0", "3"],
      [undefined, "1", "6"],
    ],
  ],
  ["SELECT count(*) FROM (SELECT region, month FROM sales GROUP BY CUBE (region, month))", [["9"]]],
  ["SELECT customer_id FROM sales GROUP BY customer_id HAVING count(*) > 1 AND sum(amount) > 20.5", [["c2"]]],
  [
    "SELECT sum(amount) FILTER (WHERE region = 'EU'), count(DISTINCT customer_id) FROM sales",
    [["50.09", "4"]],
  ],
  // Windows
  [
    "SELECT order_id, row_number() OVER (PARTITION BY region ORDER BY amount DESC) AS rn FROM sales ORDER BY order_id LIMIT 3",
    [
      ["1", "3"],
      ["2", "1"],
      ["3", "1"],
    ],
  ],
  [
    "SELECT order_id, sum(amount) OVER (ORDER BY order_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM sales ORDER BY 1 LIMIT 2",
    [
      ["1", "5.04"],
      ["2", "15.05"],
    ],
  ],
  [
    "SELECT order_id, avg(amount) OVER (ORDER BY order_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS m, lag(amount, 1, 0.0) OVER (ORDER BY order_id) AS before FROM sales ORDER BY 1 LIMIT 2",
    [
      ["1", "5.04", "0.00"],
      ["2", "7.53", "5.04"],
    ],
  ],
  [
    "SELECT order_id, ntile(2) OVER w, dense_rank() OVER w, first_value(note) IGNORE NULLS OVER w FROM sales WINDOW w AS (ORDER BY order_id) ORDER BY 1 LIMIT 1",
    [["1", "1", "1", " first é "]],
  ],
  [
    "SELECT day, sum(amount) OVER (ORDER BY day RANGE BETWEEN INTERVAL '3' DAY PRECEDING AND CURRENT ROW) AS s FROM sales ORDER BY day LIMIT 2",
    [
      ["2025-01-16", "5.04"],
      ["2025-01-30", "15.05"],
    ],
  ],
  [
    "SELECT region, sum(amount) * 100.0 / sum(sum(amount)) OVER () AS share FROM sales GROUP BY region ORDER BY share DESC",
    [
      ["EU", "66.698"],
      ["US", "33.302"],
    ],
  ],
  [
    "WITH m AS (SELECT month, sum(amount) AS total FROM sales GROUP BY month) SELECT month, total - lag(total) OVER (ORDER BY month) AS change FROM m ORDER BY month",
    [
      ["2025-01", undefined],
      ["2025-02", "14.90"],
    ],
  ],
  [
    "SELECT * FROM (SELECT region, order_id, rank() OVER (PARTITION BY region ORDER BY amount DESC) AS r FROM sales) WHERE r = 1 ORDER BY region",
    [
      ["EU", "3", "1"],
      ["US", "2", "1"],
    ],
  ],
  // Arrays
  [
    "SELECT order_id, tag FROM sales CROSS JOIN UNNEST(tags) AS t (tag) ORDER BY order_id, tag LIMIT 3",
    [
      ["1", "a"],
      ["1", "b"],
      ["2", "c"],
    ],
  ],
  [
    "SELECT tag, n FROM sales CROSS JOIN UNNEST(tags) WITH ORDINALITY AS t (tag, n) WHERE order_id = 1 ORDER BY n",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  [
    "SELECT array_agg(order_id ORDER BY order_id DESC), array_join(array_agg(DISTINCT region ORDER BY region), '|'), listagg(customer_id, ',') WITHIN GROUP (ORDER BY order_id) FROM sales WHERE order_id < 4",
    [["[3, 2, 1]", "EU|US", "c1,c2,c3"]],
  ],
  [
    "SELECT cardinality(tags), tags[1], element_at(tags, 9), contains(tags, 'a'), ARRAY[1.5, 2.25] FROM sales WHERE order_id = 1",
    [["2", "a", undefined, "true", "[1.50, 2.25]"]],
  ],
  [
    "SELECT d FROM UNNEST(sequence(DATE '2025-01-31', DATE '2025-02-01', INTERVAL '1' DAY)) AS t (d) ORDER BY d",
    [["2025-01-31"], ["2025-02-01"]],
  ],
];
