import type { SubsetCase } from "./subset-case.ts";

/** Windows: their order, functions and frames. */
export const windowCases: readonly SubsetCase[] = [
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
    says: "rank leaves gaps after equals, dense_rank does not; NULL comes last",
    sql: "SELECT id, rank() OVER (ORDER BY b) AS r, dense_rank() OVER (ORDER BY b DESC) AS d FROM t",
    rows: [
      { id: 1, r: 3, d: 1 },
      { id: 2, r: 1, d: 2 },
      { id: 3, r: 3, d: 1 },
      { id: 4, r: 5, d: 3 },
      { id: 5, r: 1, d: 2 },
    ],
  },
  {
    says: "lag and lead are NULL beyond the ends of a partition",
    sql: "SELECT id, lag(n) OVER (PARTITION BY b ORDER BY id) AS before, lead(n) OVER (PARTITION BY b ORDER BY id) AS later FROM t",
    rows: [
      { id: 1, before: null, later: 9007199254740991 },
      { id: 2, before: null, later: 7 },
      { id: 3, before: 0, later: null },
      { id: 4, before: null, later: null },
      { id: 5, before: -7, later: null },
    ],
  },
  {
    says: "sum OVER runs up to the last of equals; without ORDER BY it is of all",
    sql: "SELECT id, sum(id) OVER (ORDER BY b) AS running, sum(id) OVER (PARTITION BY b) AS whole FROM t",
    rows: [
      { id: 1, running: 11, whole: 4 },
      { id: 2, running: 7, whole: 7 },
      { id: 3, running: 11, whole: 4 },
      { id: 4, running: 15, whole: 4 },
      { id: 5, running: 7, whole: 7 },
    ],
  },
  {
    says: "a frame of the rows before: NULL for the first, 0 for its count, other partitions apart",
    sql: "SELECT id, sum(id) OVER (PARTITION BY b ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS s, count(n) OVER (PARTITION BY b ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS c, max(n) OVER (ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS m FROM t",
    rows: [
      { id: 1, s: null, c: 0, m: 9007199254740991 },
      { id: 2, s: null, c: 0, m: 9007199254740991 },
      { id: 3, s: 1, c: 1, m: 7 },
      { id: 4, s: null, c: 0, m: 7 },
      { id: 5, s: 2, c: 1, m: null },
    ],
  },
  {
    says: "a frame up to the row itself, and no further when rows are equal",
    sql: "SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s, min(s) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS m FROM t",
    rows: [
      { id: 1, s: 1, m: "a" },
      { id: 2, s: 3, m: "" },
      { id: 3, s: 6, m: "" },
      { id: 4, s: 10, m: "" },
      { id: 5, s: 15, m: "" },
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
];
