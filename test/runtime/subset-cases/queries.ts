import { type SubsetCase, y } from "./subset-case.ts";

/** Clauses of queries, and aggregates. */
export const queryCases: readonly SubsetCase[] = [
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
    says: "avg of doubles passes over NULL; over nothing it is NULL",
    sql: "SELECT avg(CAST(p AS DOUBLE)) AS a, avg(CAST(n AS DOUBLE)) FILTER (WHERE id > 9) AS c, avg(DISTINCT CAST(CASE WHEN b THEN 1 ELSE 4 END AS DOUBLE)) AS e FROM t WHERE id <> 3",
    rows: [{ a: 12.49 / 3, c: null, e: 2.5 }],
  },
  {
    says: "FILTER takes what is true, not NULL",
    sql: "SELECT count(*) FILTER (WHERE s <> 'a') AS y FROM t",
    rows: y(3),
  },
];
