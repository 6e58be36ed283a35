import { athenaStatement, UnsupportedSql } from "@penstock/runtime";
import { describe, expect, test } from "vitest";

describe("a statement of Athena", () => {
  test("reads the catalogue's tables by views, and keeps the names by which it calls them", () => {
    const sql = `WITH big AS (SELECT id FROM orders WHERE total > 5)
      SELECT big.id, items.sku FROM big JOIN AwsDataCatalog.shop.items ON items.order_id = big.id ORDER BY 1 DESC, sku LIMIT 5`;

    const { duckdb, tables, unload } = athenaStatement(sql, "lake");

    expect(tables).toHaveLength(2);
    expect(tables).toContainEqual({ database: "lake", table: "orders", view: "lake.orders" });
    expect(tables).toContainEqual({ database: "shop", table: "items", view: "shop.items" });
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

    expect(athenaStatement(sql, undefined)).toEqual({
      duckdb: `SELECT a, 'é😀)' AS b FROM "db.t" AS t WHERE a > (1)`,
      tables: [{ database: "db", table: "t", view: "db.t" }],
      unload: { to: "s3://lake/it's/", compression: "snappy", partitionedBy: ["b"] },
    });
  });

  test.each([
    ["DROP TABLE db.t", /drop/i],
    ["SELECT 1; SELECT 2", /more than one statement/],
    ["SELECT a FROM t", /without a database/],
    ["SELECT a FROM other.db.t", /the catalogue other/],
    ["SELECT random() FROM db.t", /: random;/],
    ["SELECT a FROM db.t ORDER BY lower(a)", /ORDER BY of something else/],
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
