import { GetPartitionsCommand, GetTableCommand } from "@aws-sdk/client-glue";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { query, rowsOf } from "./athena-queries.ts";
import { clientsOf } from "./clients.ts";
import { ParquetObjects } from "./parquet-objects.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let parquet: ParquetObjects;

beforeAll(async () => {
  const orders = graph.resource("aws:glue/catalogTable:CatalogTable", "orders", {
    name: "orders",
    databaseName: "shop",
    storageDescriptor: {
      location: "s3://lake/orders/",
      columns: [
        { name: "id", type: "bigint" },
        { name: "total", type: "decimal(12,2)" },
        { name: "at", type: "timestamp" },
        { name: "region", type: "string" },
      ],
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
  });
  const enforced = graph.resource("aws:athena/workgroup:Workgroup", "enforced", {
    name: "enforced",
    configuration: { resultConfiguration: { outputLocation: "s3://results/enforced" } },
  });
  cloud = await bootCloud(graph.graphOf([...["lake", "results"].map(graph.bucket), orders, enforced]), {
    root: graph.root,
  });
  clients = clientsOf(cloud.endpoint);
  parquet = new ParquetObjects(clients.s3);
  await parquet.put(
    "lake",
    "orders/a.parquet",
    `SELECT range::BIGINT AS id, (range / 4)::DECIMAL(12,2) AS total, TIMESTAMP '2025-01-16 08:00:00' AS at,
       CASE WHEN range % 2 = 0 THEN 'nörd/1 %' END AS region FROM range(10)`,
  );
});
afterAll(async () => {
  parquet.close();
  await cloud.close();
});

const run = (sql: string, more: object = {}) => query(clients.athena, sql, more);

describe("CREATE TABLE AS", () => {
  test("makes a table with its partitions that other queries read at once", async () => {
    const done = await run(`CREATE TABLE shop.by_region
      WITH (format = 'PARQUET', parquet_compression = 'SNAPPY', external_location = 's3://lake/by_region',
            partitioned_by = ARRAY['region'])
      AS SELECT id, total, at, id + 0.5E0 AS x, region FROM orders WHERE id < 6`);

    expect(done).toMatchObject({
      Status: { State: "SUCCEEDED" },
      StatementType: "DDL",
      SubstatementType: "CREATE_TABLE_AS_SELECT",
      Statistics: { DataScannedInBytes: expect.any(Number) },
    });
    const { Table } = await clients.glue.send(
      new GetTableCommand({ DatabaseName: "shop", Name: "by_region" }),
    );
    expect(Table).toMatchObject({
      TableType: "EXTERNAL_TABLE",
      PartitionKeys: [{ Name: "region", Type: "string" }],
      Parameters: { classification: "parquet", "parquet.compression": "SNAPPY" },
      StorageDescriptor: { Location: "s3://lake/by_region/" },
    });
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      "id bigint",
      "total decimal(12,2)",
      "at timestamp",
      "x double",
    ]);
    const { Partitions } = await clients.glue.send(
      new GetPartitionsCommand({ DatabaseName: "shop", TableName: "by_region" }),
    );
    expect(Partitions?.map(({ Values }) => Values).sort()).toEqual([
      ["__HIVE_DEFAULT_PARTITION__"],
      ["nörd/1 %"],
    ]);
    const rows =
      "SELECT region, count(*) AS n, sum(total) AS s FROM by_region GROUP BY region ORDER BY region";
    expect(await rowsOf(clients.athena, rows)).toEqual([
      ["nörd/1 %", "3", "1.50"],
      [undefined, "3", "2.25"],
    ]);
    const none = "SELECT count(*) AS n FROM by_region WHERE region IS NULL";
    expect(await rowsOf(clients.athena, none)).toEqual([["3"]]);
    const { Body } = await clients.s3.send(
      new GetObjectCommand({
        Bucket: "results",
        Key: done.Statistics?.DataManifestLocation?.slice("s3://results/".length),
      }),
    );
    const listed = (await Body?.transformToString())?.trim().split("\n");
    expect(listed).toHaveLength(2);
    expect(listed?.every((uri) => uri.startsWith("s3://lake/by_region/region="))).toBe(true);
  });

  test("without a place goes to where the results go, and to none of its own where the workgroup says where", async () => {
    const sql = "CREATE TABLE plain AS SELECT id, region FROM orders";
    const done = await run(sql);
    const again = await run(sql);
    const kept = await run(sql.replace("TABLE", "TABLE IF NOT EXISTS"));
    const placed = "CREATE TABLE placed WITH (external_location = 's3://lake/placed/') AS SELECT 1 AS a";
    const refused = await run(placed, { WorkGroup: "enforced" });
    const enforced = await run("CREATE TABLE enforced AS SELECT 1 AS a", { WorkGroup: "enforced" });

    expect(await rowsOf(clients.athena, "SELECT count(*) AS n FROM plain")).toEqual([["10"]]);
    const { Contents } = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: "results", Prefix: `queries/tables/${done.QueryExecutionId}/` }),
    );
    expect(Contents).toHaveLength(1);
    const [key] = Contents?.map(({ Key }) => Key) ?? [];
    expect(await parquet.rows("results", key)).toHaveLength(10);
    expect(again.Status).toMatchObject({
      State: "FAILED",
      StateChangeReason:
        "TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.shop.plain' already exists",
    });
    expect(kept.Status?.State).toBe("SUCCEEDED");
    expect(refused.Status).toMatchObject({
      State: "FAILED",
      StateChangeReason: expect.stringContaining("Please remove the 'external_location' property"),
      AthenaError: { ErrorCategory: 2 },
    });
    expect(enforced.Status?.State).toBe("SUCCEEDED");
    const { Table } = await clients.glue.send(
      new GetTableCommand({ DatabaseName: "shop", Name: "enforced" }),
    );
    expect(Table?.StorageDescriptor?.Location).toBe(
      `s3://results/enforced/tables/${enforced.QueryExecutionId}/`,
    );
  });

  test.each([
    ["CREATE TABLE none.t AS SELECT 1 AS a", "SCHEMA_NOT_FOUND: line 1:1: Schema none not found"],
    [
      "CREATE TABLE t WITH (external_location = 's3://lake/orders/') AS SELECT 1 AS a",
      "HIVE_PATH_ALREADY_EXISTS: Target directory for table 'shop.t' is not empty: s3://lake/orders/a.parquet",
    ],
    [
      "CREATE TABLE t WITH (external_location = 's3://lake/t/', partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b",
      "HIVE_COLUMN_ORDER_MISMATCH",
    ],
    [
      "CREATE TABLE t WITH (format = 'ORC') AS SELECT 1 AS a",
      "NOT_SUPPORTED: CREATE TABLE AS in the format ORC",
    ],
    [
      "CREATE TABLE t WITH (bucketed_by = ARRAY['a']) AS SELECT 1 AS a",
      "NOT_SUPPORTED: CREATE TABLE AS with bucketed_by",
    ],
    ["CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'", "NOT_SUPPORTED"],
    ["SHOW TABLES", "NOT_SUPPORTED"],
    ["MSCK REPAIR TABLE orders", "NOT_SUPPORTED"],
    ["INSERT INTO orders SELECT 1 AS a", "NOT_SUPPORTED"],
  ])("%s fails with the reason", async (sql, reason) => {
    const { Status } = await run(sql);

    expect(Status).toMatchObject({ State: "FAILED", StateChangeReason: expect.stringContaining(reason) });
  });
});

describe("ExecutionParameters", () => {
  test("stand for the question marks of a query, as literals", async () => {
    const sql = "SELECT id, ? AS given FROM orders WHERE region = ? AND id BETWEEN ? AND ? ORDER BY id";
    const ExecutionParameters = ["'it''s'", "'nörd/1 %'", "3", "6"];

    expect(await rowsOf(clients.athena, sql, { ExecutionParameters })).toEqual([
      ["4", "it's"],
      ["6", "it's"],
    ]);
  });

  test.each([
    [["1", "2"], "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 1 but found 2"],
    [["1 OR 1 = 1"], "NOT_SUPPORTED: parameter 1 of the query, which is no literal"],
  ])("%j fail the query", async (ExecutionParameters, reason) => {
    const sql = "SELECT id FROM orders WHERE id = ?";

    expect(await rowsOf(clients.athena, sql, { ExecutionParameters })).toContain(reason);
  });
});
