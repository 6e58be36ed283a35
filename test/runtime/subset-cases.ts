import type { Row } from "@penstock/runtime";

/** Tables of edge values, in DuckDB's dialect. */
export const tables: Readonly<Record<string, string>> = {
  t: `SELECT * FROM (VALUES
    (1, 'a',                 0,                 0.0::DOUBLE,   0.00::DECIMAL(10,2),        TRUE,  TIMESTAMP '2025-01-16 08:00:00',        DATE '2025-01-16'),
    (2, '',                  -7,                -2.5,          -0.01,                      FALSE, TIMESTAMP '1970-01-01 00:00:00.000001', DATE '1970-01-01'),
    (3, 'é😀,',              9007199254740991,  1e300,         99999999.99,                TRUE,  TIMESTAMP '2099-12-31 23:59:59.999999', DATE '2099-12-31'),
    (4, NULL,                NULL,              NULL,          NULL,                       NULL,  NULL,                                   NULL),
    (5, 'a' || chr(10),      7,                 2.5,           12.50,                      FALSE, TIMESTAMP '2024-02-29 12:00:00',        DATE '2024-02-29')
  ) v(id, s, n, d, p, b, moment, day)`,
  u: `SELECT * FROM (VALUES (1, 'one'), (1, 'uno'), (3, 'three'), (NULL, 'none')) v(id, name)`,
};

/** What a query answers, in no order, on every engine. */
export interface SubsetCase {
  readonly says: string;
  readonly sql: string;
  readonly rows: readonly Row[];
}

const y = (...values: readonly Row[string][]): Row[] => values.map((value) => ({ y: value }));

/** One value per row of `t`, by `id`. */
const of = (says: string, expression: string, ...values: readonly Row[string][]): SubsetCase => ({
  says,
  sql: `SELECT id, ${expression} AS y FROM t`,
  rows: values.map((value, index) => ({ id: index + 1, y: value })),
});

export const subsetCases: readonly SubsetCase[] = [
  of("a comparison with NULL is NULL", "s = 'a'", true, false, false, null, false),
  of("text is compared as it is: case, accents, trailing newline", "s <> 'a'", false, true, true, null, true),
  of("numbers compare across types", "d < n", false, false, false, null, true),
  of("<= holds for equals", "d <= n", true, false, false, null, true),
  of("> on decimals", "p > 0", false, false, true, null, true),
  of(
    ">= on times, to the microsecond",
    "moment >= TIMESTAMP '1970-01-01 00:00:00.000002'",
    true,
    false,
    true,
    null,
    true,
  ),
  of("dates compare with date literals", "day < DATE '2024-03-01'", false, true, false, null, true),
  of("AND: FALSE wins over NULL", "b AND s = 'a'", true, false, false, null, false),
  of("OR: TRUE wins over NULL", "b OR s IS NULL", true, false, true, true, false),
  of("NOT NULL is NULL", "NOT b", false, true, false, null, true),
  of("IS NULL", "s IS NULL", false, false, false, true, false),
  of("IS NOT NULL; the empty text is a value", "s IS NOT NULL", true, true, true, false, true),
  of("BETWEEN includes both ends", "n BETWEEN -7 AND 7", true, true, false, null, true),
  of("IN a list", "s IN ('a', '')", true, true, false, null, false),
  of("NOT IN a list with NULL is never true", "s NOT IN ('a', NULL)", false, null, null, null, null),
  of("IS DISTINCT FROM takes NULL for a value", "s IS DISTINCT FROM 'a'", false, true, true, true, true),
  of("IS NOT DISTINCT FROM", "n IS NOT DISTINCT FROM NULL", false, false, false, true, false),
  of(
    "CASE takes the first that is true, NULL is not",
    "CASE WHEN b THEN 'yes' WHEN n = 7 THEN 'seven' ELSE 'no' END",
    "yes",
    "no",
    "yes",
    "no",
    "seven",
  ),
  of("CASE without ELSE is NULL", "CASE WHEN b THEN 1 END", 1, null, 1, null, null),
  of(
    "COALESCE takes the first value, the empty text too",
    "COALESCE(s, 'none')",
    "a",
    "",
    "é😀,",
    "none",
    "a\n",
  ),
  of("NULLIF of equals is NULL", "NULLIF(n, 7)", 0, -7, 9007199254740991, null, null),
  of("TRUE and FALSE", "b = TRUE OR b = FALSE", true, true, true, null, true),

  of("+ and − of integers", "n + 1 - 2", -1, -8, 9007199254740990, null, 6),
  of("* of an integer and a double", "n * 0.5E0", 0, -3.5, 4503599627370495.5, null, 3.5),
  of("/ by a double", "n / 2E0", 0, -3.5, 4503599627370495.5, null, 3.5),
  of("/ by NULLIF(…, 0) is NULL for 0", "7E0 / NULLIF(d, 0E0) > 0E0", null, false, true, null, true),
  of("− in front", "-n", 0, 7, -9007199254740991, null, -7),
  of("abs", "abs(d)", 0, 2.5, 1e300, null, 2.5),
  // Below 2^63: beyond it Spark's floor ends.
  of(
    "floor goes down for negative numbers",
    "CASE WHEN abs(d) < 1E18 THEN floor(d) + 0E0 < d END",
    false,
    true,
    null,
    null,
    true,
  ),
  of("parentheses come first", "-(n - 1) + 1", 2, 9, -9007199254740989, null, -5),
  of(
    "decimals add and multiply exactly",
    "CAST(p * CAST('3' AS DECIMAL(1, 0)) + p AS DECIMAL(20, 2))",
    0,
    -0.04,
    399999999.96,
    null,
    50,
  ),
  of("numbers with an exponent are doubles", "1.5E0 * 2E0 = 3E0", true, true, true, true, true),

  of("|| with NULL is NULL", "s || '!'", "a!", "!", "é😀,!", null, "a\n!"),
  of("length counts code points", "length(s)", 1, 0, 3, null, 2),
  of("substr counts code points from 1, and ends with the text", "substr(s, 2)", "", "", "😀,", null, "\n"),
  of("substr of a length", "substr(s, 2, 1)", "", "", "😀", null, "\n"),
  of(
    "replace takes every occurrence, as plain text",
    "replace(s || 'a.', '.', 'a')",
    "aaa",
    "aa",
    "é😀,aa",
    null,
    "a\naa",
  ),
  {
    says: "split keeps empty pieces",
    sql: "SELECT id, split(s, ',') AS y FROM t",
    rows: [
      { id: 1, y: ["a"] },
      { id: 2, y: [""] },
      { id: 3, y: ["é😀", ""] },
      { id: 4, y: null },
      { id: 5, y: ["a\n"] },
    ],
  },
  of(
    "regexp_like finds anywhere; \\z is the very end",
    "regexp_like(s, '^a\\z')",
    true,
    false,
    false,
    null,
    false,
  ),
  of(
    "regexp_like reads classes, repetitions and alternatives",
    "regexp_like(s, '(?:[^a-z0-9]{2}|^a[ -~]?)')",
    true,
    false,
    true,
    null,
    true,
  ),

  of("CAST of integers to text", "CAST(n AS VARCHAR)", "0", "-7", "9007199254740991", null, "7"),
  of(
    "CAST of decimals to text keeps the scale",
    "CAST(p AS VARCHAR)",
    "0.00",
    "-0.01",
    "99999999.99",
    null,
    "12.50",
  ),
  of("CAST of decimals to double", "CAST(p AS DOUBLE) * 2E0", 0, -0.02, 199999999.98, null, 25),
  of(
    "CAST of NULL to any type",
    "CAST(NULL AS BIGINT) IS NULL AND CAST(NULL AS TIMESTAMP) IS NULL AND CAST(NULL AS BOOLEAN) IS NULL AND CAST(NULL AS DATE) IS NULL AND CAST(NULL AS DECIMAL(38, 2)) IS NULL",
    true,
    true,
    true,
    true,
    true,
  ),
  of(
    "TRY_CAST of digits to numbers, NULL for what is none",
    "TRY_CAST(CASE WHEN s = 'a' THEN '12' ELSE s END AS BIGINT)",
    12,
    null,
    null,
    null,
    null,
  ),
  of("TRY_CAST of a number out of range is NULL", "TRY_CAST(d AS DECIMAL(10, 2))", 0, -2.5, null, null, 2.5),
  of(
    "TRY_CAST of text to a double, exponents too",
    "TRY_CAST(CASE WHEN s = 'a' THEN '-1.5e2' ELSE s END AS DOUBLE)",
    -150,
    null,
    null,
    null,
    null,
  ),
  of(
    "TRY_CAST of text to a time; a day that is not in the calendar is NULL",
    "TRY_CAST(CASE WHEN b THEN '2024-02-29 23:59:59.5' ELSE '2025-02-29 00:00:00' END AS TIMESTAMP)",
    "2024-02-29T23:59:59.5",
    null,
    "2024-02-29T23:59:59.5",
    null,
    null,
  ),
  of(
    "a time literal, to the microsecond",
    "moment = TIMESTAMP '2099-12-31 23:59:59.999999'",
    false,
    false,
    true,
    null,
    false,
  ),

  {
    says: "SELECT * and t.*",
    sql: "SELECT x.* FROM (SELECT * FROM u) x WHERE x.id = 3",
    rows: [{ id: 3, name: "three" }],
  },
  {
    says: "DISTINCT takes NULLs for equal",
    sql: "SELECT DISTINCT b AS y FROM t",
    rows: y(true, false, null),
  },
  {
    says: "UNION ALL keeps copies",
    sql: "SELECT id AS y FROM u UNION ALL SELECT id AS y FROM u WHERE id = 3",
    rows: y(1, 1, 3, 3, null),
  },
  {
    says: "JOIN does not match NULLs",
    sql: "SELECT t.id, u.name FROM t JOIN u ON u.id = t.id",
    rows: [
      { id: 1, name: "one" },
      { id: 1, name: "uno" },
      { id: 3, name: "three" },
    ],
  },
  {
    says: "LEFT JOIN keeps what has no match",
    sql: "SELECT t.id AS y FROM t LEFT JOIN u ON u.id = t.id WHERE u.id IS NULL",
    rows: y(2, 4, 5),
  },
  { says: "CROSS JOIN pairs all", sql: "SELECT count(*) AS y FROM t CROSS JOIN u", rows: y(20) },
  {
    says: "WITH",
    sql: "WITH a AS (SELECT id FROM t WHERE b), c AS (SELECT a.id FROM a JOIN u ON u.id = a.id) SELECT count(*) AS y FROM c",
    rows: y(3),
  },
  {
    says: "GROUP BY takes NULLs for one group; HAVING looks at the groups",
    sql: "SELECT b AS y, count(*) AS n FROM t GROUP BY b HAVING count(*) < 3",
    rows: [
      { y: true, n: 2 },
      { y: false, n: 2 },
      { y: null, n: 1 },
    ],
  },
  {
    says: "aggregates pass over NULL",
    sql: "SELECT count(*) AS a, count(n) AS c, count(DISTINCT b) AS e, sum(p) AS s, min(s) AS f, max(n) AS g FROM t",
    rows: [{ a: 5, c: 4, e: 2, s: 100000012.48, f: "", g: 9007199254740991 }],
  },
  {
    says: "aggregates over nothing: 0 for count, NULL for the rest",
    sql: "SELECT count(*) AS a, sum(n) AS s, min(s) AS f, max(d) AS g FROM t WHERE id > 9",
    rows: [{ a: 0, s: null, f: null, g: null }],
  },
  {
    says: "FILTER takes what is true, not NULL",
    sql: "SELECT count(*) FILTER (WHERE s <> 'a') AS y FROM t",
    rows: y(3),
  },
  {
    says: "text is ordered by its bytes: capitals, letters, accents, emoji",
    sql: "SELECT name AS y, row_number() OVER (ORDER BY name) AS n FROM (SELECT 'b' AS name FROM t WHERE id = 1 UNION ALL SELECT 'B' AS name FROM t WHERE id = 1 UNION ALL SELECT 'é' AS name FROM t WHERE id = 1 UNION ALL SELECT '😀' AS name FROM t WHERE id = 1) x",
    rows: [
      { y: "B", n: 1 },
      { y: "b", n: 2 },
      { y: "é", n: 3 },
      { y: "😀", n: 4 },
    ],
  },
  {
    says: "a window without NULLS puts them last, both ways",
    sql: "SELECT id, row_number() OVER (ORDER BY n, id) AS up, row_number() OVER (ORDER BY n DESC, id) AS down FROM t",
    rows: [
      { id: 1, up: 2, down: 3 },
      { id: 2, up: 1, down: 4 },
      { id: 3, up: 4, down: 1 },
      { id: 4, up: 5, down: 5 },
      { id: 5, up: 3, down: 2 },
    ],
  },
  {
    says: "a window with NULLS FIRST and with NULLS LAST",
    sql: "SELECT id, row_number() OVER (ORDER BY n ASC NULLS FIRST) AS a, row_number() OVER (PARTITION BY b ORDER BY n DESC NULLS LAST) AS c FROM t",
    rows: [
      { id: 1, a: 3, c: 2 },
      { id: 2, a: 2, c: 2 },
      { id: 3, a: 5, c: 1 },
      { id: 4, a: 1, c: 1 },
      { id: 5, a: 4, c: 1 },
    ],
  },
  {
    says: "first_value of a window",
    sql: "SELECT id, first_value(id) OVER (PARTITION BY b ORDER BY n DESC NULLS LAST) AS y FROM t",
    rows: [
      { id: 1, y: 3 },
      { id: 2, y: 5 },
      { id: 3, y: 3 },
      { id: 4, y: 4 },
      { id: 5, y: 5 },
    ],
  },
  {
    says: "hidden_cards answers a masked text, or NULL, for each text of a list; elements count from 1",
    sql: "SELECT id, y[1] AS a, y[2] AS b FROM (SELECT id, hidden_cards(ARRAY[s, 'card 4111 1111 1111 1111, ' || s]) AS y FROM t)",
    rows: [
      { id: 1, a: null, b: "card ************1111, a" },
      { id: 2, a: null, b: "card ************1111, " },
      { id: 3, a: null, b: "card ************1111, é😀," },
      { id: 4, a: null, b: null },
      { id: 5, a: null, b: "card ************1111, a\n" },
    ],
  },
  {
    says: "a run of more than 1000 digits is one card",
    sql: `SELECT hidden_cards(ARRAY['${"9 ".repeat(1001)}', '${"9 ".repeat(1000)}']) AS y FROM t WHERE id = 1`,
    rows: [{ y: ["************9999 ", null] }],
  },
  {
    says: "masks of classes",
    sql: "SELECT mask_pan('4111-1111-1111-1111') AS p, mask_ssn('123-45-6789') AS s, mask_email('é@x.com') AS e, mask_phone('+55 11 98888-7777') AS f, mask_pan(s) AS n FROM t WHERE id = 4",
    rows: [{ p: "************1111", s: "***-**-6789", e: "é***@x.com", f: "***-***-7777", n: null }],
  },
];
