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

/** Rows of one value each. */
export const y = (...values: readonly Row[string][]): Row[] => values.map((value) => ({ y: value }));

/** One value per row of `t`, by `id`. */
export const of = (says: string, expression: string, ...values: readonly Row[string][]): SubsetCase => ({
  says,
  sql: `SELECT id, ${expression} AS y FROM t`,
  rows: values.map((value, index) => ({ id: index + 1, y: value })),
});
