import { athenaStatement, bindParameters, ParameterMismatch, UnsupportedSql } from "@penstock/runtime";
import { describe, expect, test } from "vitest";

describe("a statement of Athena", () => {
  test("reads the catalogue's tables by views, and keeps the names by which it calls them", () => {
    const sql = `WITH big AS (SELECT id FROM orders WHERE total > 5)
      SELECT big.id, items.sku FROM big JOIN AwsDataCatalog.shop.items ON items.order_id = big.id ORDER BY 1 DESC, sku LIMIT 5`;

    const { duckdb, tables, unload } = athenaStatement(sql, "lake");

    expect(tables).toMatchObject([
      { database: "lake", table: "orders", view: "lake.orders", start: 28 },
      { database: "shop", table: "items", view: "shop.items", start: 97 },
    ]);
    expect(duckdb).toBe(
      'WITH big AS (SELECT id FROM "lake.orders" AS orders WHERE total > 5) SELECT big.id, items.sku FROM big ' +
        'JOIN "shop.items" AS items ON items.order_id = big.id ORDER BY 1 DESC, sku LIMIT 5',
    );
    expect(unload).toBeUndefined();
  });

  test("UNLOAD has its query, destination and properties taken apart", () => {
    const sql = `-- a mart
      UNLOAD (SELECT a, 'é😀)' AS b FROM db.t WHERE a > (1)) TO 's3://lake/it''s/'
      WITH (format = 'PARQUET', compression = 'snappy', partitioned_by = ARRAY['b'])`;

    expect(athenaStatement(sql, undefined)).toMatchObject({
      duckdb: `SELECT a, 'é😀)' AS b FROM "db.t" AS t WHERE a > (1)`,
      tables: [{ database: "db", table: "t", view: "db.t", start: 26 }],
      unload: { to: "s3://lake/it's/", compression: "snappy", partitionedBy: ["b"] },
      create: undefined,
      start: 24,
    });
  });

  test("CREATE TABLE AS has its table, query and properties taken apart", () => {
    const sql = `CREATE TABLE IF NOT EXISTS Shop.big
      WITH (format = 'parquet', external_location = 's3://lake/big/', write_compression = 'ZSTD') AS
      WITH t AS (SELECT a FROM db.t) SELECT a FROM t ORDER BY a LIMIT 5;`;

    expect(athenaStatement(sql, undefined)).toMatchObject({
      duckdb: 'WITH t AS (SELECT a FROM "db.t" AS t) SELECT a FROM t ORDER BY a LIMIT 5',
      tables: [{ view: "db.t" }],
      unload: undefined,
      create: {
        database: "shop",
        table: "big",
        ifNotExists: true,
        location: "s3://lake/big/",
        compression: "zstd",
        partitionedBy: [],
      },
    });
    expect(athenaStatement("CREATE TABLE x AS SELECT 1 AS a", "db").create).toMatchObject({
      database: "db",
      ifNotExists: false,
      location: undefined,
      compression: "gzip",
    });
  });

  test("a table that is read twice has two views, and a name of WITH hides a table behind its own query only", () => {
    const { duckdb, tables } = athenaStatement(
      "WITH t AS (SELECT a FROM t) SELECT t.a FROM t JOIN db.t AS other ON t.a = other.a",
      "db",
    );

    expect(tables.map(({ view }) => view)).toEqual(["db.t", "db.t#2"]);
    expect(duckdb).toBe(
      'WITH t AS (SELECT a FROM "db.t" AS t) SELECT t.a FROM t JOIN "db.t#2" AS other ON t.a = other.a',
    );
  });

  test("ORDER BY and LIMIT stand in any query", () => {
    const sql = "SELECT a FROM (SELECT a FROM db.t ORDER BY -a DESC LIMIT 3) AS top ORDER BY abs(a)";

    expect(athenaStatement(sql, undefined).duckdb).toMatch(/ORDER BY -a DESC LIMIT 3\).*ORDER BY ABS\(a\)/i);
  });

  describe("tells what all rows of a table must meet", () => {
    const predicatesOf = (sql: string) =>
      athenaStatement(sql, "db").tables.map(({ predicates }) => predicates.map(({ duckdb }) => duckdb));

    test.each([
      [
        "SELECT a FROM t WHERE b = '1' AND (c > 2 AND d IN ('x', 'y'))",
        [["b = '1'", "c > 2", "d IN ('x', 'y')"]],
      ],
      ["SELECT a FROM t WHERE b = '1' OR c = 2", [["b = '1' OR c = 2"]]],
      ["SELECT a FROM t WHERE b = (SELECT max(b) AS b FROM t)", [[], []]],
      ["SELECT x.a FROM t AS x JOIN u ON x.b = u.b AND u.c = 2 WHERE x.b = '1'", [["b = '1'"], ["c = 2"]]],
      ["SELECT x.a FROM t AS x LEFT JOIN u ON x.b = u.b AND u.c = 2 WHERE u.b IS NULL", [[], ["c = 2"]]],
      ["SELECT x.a FROM t AS x RIGHT JOIN u ON x.b = u.b AND u.c = 2 WHERE x.d = 1", [[], []]],
      ["SELECT x.a FROM t AS x FULL JOIN u ON x.b = u.b AND u.c = 2 WHERE x.d = 1", [[], []]],
      // What is an operation here is not held against the partitions by itself.
      ["SELECT a FROM t WHERE CAST(b AS INTEGER) = 1 AND c = 2", [["c = 2"]]],
    ])("%s", (sql, expected) => {
      expect(predicatesOf(sql)).toEqual(expected);
    });
  });

  describe("has values for its parameters", () => {
    test("as literals, also where a question mark stands in a text or comment", () => {
      const sql = "SELECT '?' AS q, ? AS a -- ?\nFROM t WHERE b = ? AND c < ?";

      expect(bindParameters(sql, ["'it''s 😀?'", "-5", "DATE '2025-01-16'"])).toBe(
        "SELECT '?' AS q, 'it''s 😀?' AS a -- ?\nFROM t WHERE b = -5 AND c < CAST('2025-01-16' AS DATE)",
      );
    });

    test.each([
      "a",
      "1; DROP TABLE t",
      "1 OR 1 = 1",
      "1 -- ",
      "(SELECT 1)",
      "1, 2",
      "1 AS x",
      "",
      "current_date",
    ])("never as %s, which is no literal", (value) => {
      expect(() => bindParameters("SELECT ? AS a", [value])).toThrow(UnsupportedSql);
    });

    test("as many as it has places", () => {
      expect(() => bindParameters("SELECT ? AS a", ["1", "2"])).toThrow(ParameterMismatch);
    });
  });

  test.each([
    ["DROP TABLE db.t", /the statement DROP TABLE; SELECT, UNLOAD and CREATE TABLE AS/],
    ["SHOW TABLES", /the statement SHOW TABLES/],
    ["MSCK REPAIR TABLE t", /the statement MSCK REPAIR/],
    ["CREATE EXTERNAL TABLE t (a int)", /the statement CREATE EXTERNAL/],
    ["-- nothing", /nothing to run/],
    ["SELECT a FROM db.t LIMIT 5, 10", /LIMIT with two numbers/],
    ["SELECT 1; SELECT 2", /more than one statement/],
    ["SELECT a FROM t", /without a database/],
    ["SELECT a FROM other.db.t", /the catalogue other/],
    ["SELECT soundex(a) FROM db.t", /^the function soundex: not supported/],
    ["SELECT a FROM db.t ORDER BY soundex(a)", /^the function soundex: not supported/],
    ["SELECT a FROM db.t LIMIT a", /LIMIT of something else/],
    ["SELECT table_name FROM information_schema.tables", /information_schema.tables; .*GetTables/],
    ['SELECT day FROM db."t$partitions"', /the hidden table "t\$partitions"; .*GetPartitions/],
    ["CREATE TABLE db.t AS SELECT 1 AS a WITH NO DATA", /WITH NO DATA/],
    ["CREATE TABLE t AS SELECT 1 AS a", /without a database/],
    ["CREATE TABLE db.t WITH (format = 'ORC') AS SELECT 1 AS a", /ORC/],
    ["CREATE TABLE db.t WITH (bucketed_by = ARRAY['a']) AS SELECT 1 AS a", /bucketed_by/],
    ["CREATE TABLE db.t (a int)", /CREATE TABLE AS/],
    ["CREATE TABLE db.t WITH (external_location = '/etc') AS SELECT 1 AS a", /no S3 URI/],
    ["SELECT a FROM read_parquet('/etc/passwd')", /./],
    ["UNLOAD (SELECT 1 AS a) TO '/etc/passwd' WITH (format = 'PARQUET')", /no S3 URI/],
    ["UNLOAD (SELECT 1 AS a) TO 's3://b/x/'", /PARQUET/],
    ["UNLOAD (SELECT 1 AS a) TO 's3://b/x/' WITH (format = 'PARQUET', max_file_size = '1')", /max_file_size/],
    ["UNLOAD (SELECT 1 AS a TO 's3://b/x/'", /UNLOAD ends/],
    ["UNLOAD (DELETE FROM db.t) TO 's3://b/x/' WITH (format = 'PARQUET')", /delete/i],
  ])("%s is refused", (sql, reason) => {
    expect(() => athenaStatement(sql, undefined)).toThrow(UnsupportedSql);
    expect(() => athenaStatement(sql, undefined)).toThrow(reason);
  });
});
