import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually, execute } from "./clients.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let directory: string;
const OutputLocation = "s3://results/queries/";

/** Runs SQL over files in DuckDB. */
async function duck(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

async function putParquet(Key: string, sql: string): Promise<void> {
  const file = join(directory, "put.parquet");
  await duck(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  await clients.s3.send(new PutObjectCommand({ Bucket: "lake", Key, Body: readFileSync(file) }));
}

async function textOf(uri: string | undefined): Promise<string | undefined> {
  const [, , Bucket, ...key] = (uri ?? "").split("/");
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key: key.join("/") }));
  return Body?.transformToString();
}

const catalogTable = (
  name: string,
  columns: Record<string, string>,
  partitionKeys: object[] = [],
  parameters: Record<string, string> = {},
) =>
  graph.resource("aws:glue/catalogTable:CatalogTable", name, {
    name,
    databaseName: "shop",
    partitionKeys,
    parameters,
    storageDescriptor: {
      location: `s3://lake/${name}/`,
      columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
  });

/** Starts a query and waits for its end. */
async function query(QueryString: string, more: object = {}) {
  const { QueryExecutionId } = await clients.athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: "shop" },
      ResultConfiguration: { OutputLocation },
      ...more,
    }),
  );
  return eventually(async () => {
    const { QueryExecution } = await clients.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return /QUEUED|RUNNING/.test(QueryExecution?.Status?.State ?? "") ? undefined : QueryExecution;
  });
}

async function rowsOf(QueryExecutionId: string | undefined) {
  const { ResultSet } = await clients.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return ResultSet?.Rows?.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue));
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "penstock-test-"));
  const run = graph.machine("run", {
    StartAt: "Query",
    States: {
      Query: {
        Type: "Task",
        Resource: "arn:aws:states:::athena:startQueryExecution.sync",
        Arguments: { QueryString: "{% $states.input.sql %}", WorkGroup: "marts" },
        Assign: { id: "{% $states.result.QueryExecution.QueryExecutionId %}" },
        Next: "Rows",
      },
      Rows: {
        Type: "Task",
        Resource: "arn:aws:states:::athena:getQueryResults",
        Arguments: { QueryExecutionId: "{% $id %}" },
        Output: "{% $states.result.ResultSet.Rows[1].Data[0].VarCharValue %}",
        End: true,
      },
    },
  });
  const marts = graph.resource("aws:athena/workgroup:Workgroup", "marts", {
    name: "marts",
    configuration: { resultConfiguration: { outputLocation: "s3://results/marts/" } },
  });
  const orders = catalogTable(
    "orders",
    {
      id: "bigint",
      total: "decimal(12,2)",
      at: "timestamp",
      weight: "double",
      note: "string",
      later: "date",
    },
    [{ name: "year", type: "string" }],
    { "projection.enabled": "true" },
  );
  const empty = catalogTable("empty", { id: "bigint", tags: "array<string>" });
  const nested = catalogTable("nested", { id: "struct<a:int>" });
  cloud = await bootCloud(
    graph.graphOf([graph.bucket("lake"), graph.bucket("results"), orders, empty, nested, marts, run]),
    { root: graph.root },
  );
  clients = clientsOf(cloud.endpoint);
  const columns = "TIMESTAMP '2025-01-16 08:00:00' AS at, 1.0::DOUBLE AS weight, 'a \"b\"' AS note";
  await putParquet(
    "orders/year=2024/a.parquet",
    `SELECT 1::BIGINT AS id, 5.5::DECIMAL(12,2) AS total, ${columns}`,
  );
  await putParquet(
    "orders/year=2025/b.parquet",
    `SELECT 2::BIGINT AS id, 7::DECIMAL(12,2) AS total, ${columns}`,
  );
});
afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true });
});

describe("a SELECT", () => {
  test("reads the catalogue's tables, with the columns in their keys, and answers as Athena writes values", async () => {
    const done = await query("SELECT id, total, at, weight, note, later, year FROM orders ORDER BY id DESC");

    expect(done).toMatchObject({
      Status: { State: "SUCCEEDED" },
      StatementType: "DML",
      WorkGroup: "primary",
      ResultConfiguration: { OutputLocation: `${OutputLocation}${done.QueryExecutionId}.csv` },
    });
    expect(done.Statistics?.DataScannedInBytes).toBeGreaterThan(0);
    const note = 'a "b"';
    expect(await rowsOf(done.QueryExecutionId)).toEqual([
      ["id", "total", "at", "weight", "note", "later", "year"],
      ["2", "7.00", "2025-01-16 08:00:00.000", "1.0", note, undefined, "2025"],
      ["1", "5.50", "2025-01-16 08:00:00.000", "1.0", note, undefined, "2024"],
    ]);
    expect(await textOf(done.ResultConfiguration?.OutputLocation)).toBe(
      '"id","total","at","weight","note","later","year"\n' +
        '"2","7.00","2025-01-16 08:00:00.000","1.0","a ""b""",,"2025"\n' +
        '"1","5.50","2025-01-16 08:00:00.000","1.0","a ""b""",,"2024"\n',
    );
  });

  test("orders by its own names, and groups by a source's where both have it", async () => {
    const sql = `WITH t AS (SELECT id AS n FROM orders WHERE id < 3)
      SELECT 0 - n AS n, count(*) AS c FROM t GROUP BY n ORDER BY n`;

    const { QueryExecutionId } = await query(sql);

    expect(await rowsOf(QueryExecutionId)).toEqual([
      ["n", "c"],
      ["-2", "1"],
      ["-1", "1"],
    ]);
  });

  test("compares what Trino compares", async () => {
    const sql = `SELECT count(*) AS n FROM orders WHERE id < 3 AND year IN ('2024', '2025') AND note <> 'x' AND weight = 1
      AND total >= 5 AND at > DATE '2025-01-01' AND (later IS NULL OR later = DATE '2025-01-16') AND id = weight * 1 + id - 1`;

    const { QueryExecutionId, Status } = await query(sql);

    expect(Status?.StateChangeReason).toBeUndefined();
    expect(await rowsOf(QueryExecutionId)).toEqual([["n"], ["2"]]);
  });

  test("tells of its columns, and pages", async () => {
    const { QueryExecutionId } = await query("SELECT id, total FROM shop.orders ORDER BY id");

    const first = await clients.athena.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2 }));
    const { NextToken } = first;
    const rest = await clients.athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));

    expect(first.ResultSet?.ResultSetMetadata?.ColumnInfo).toMatchObject([
      { Name: "id", Type: "bigint", Precision: 19, Scale: 0 },
      { Name: "total", Type: "decimal", Precision: 12, Scale: 2 },
    ]);
    expect(first.ResultSet?.Rows?.[0]?.Data).toEqual([{ VarCharValue: "id" }, { VarCharValue: "total" }]);
    expect(first.ResultSet?.Rows).toHaveLength(2);
    expect(rest.ResultSet?.Rows?.[0]?.Data?.[0]).toEqual({ VarCharValue: "2" });
    expect(rest.NextToken).toBeUndefined();
  });

  test("sees objects that come later, and nothing in a table without objects", async () => {
    const count = "SELECT count(*) AS n FROM shop.orders";
    const before = await query(count);
    await putParquet("orders/year=2026/c.parquet", "SELECT 3::BIGINT AS id");

    const [after, none] = await Promise.all([query(count), query("SELECT id, tags FROM empty")]);

    expect(await rowsOf(before.QueryExecutionId)).toEqual([["n"], ["2"]]);
    expect(await rowsOf(after.QueryExecutionId)).toEqual([["n"], ["3"]]);
    expect(await rowsOf(none.QueryExecutionId)).toEqual([["id", "tags"]]);
  });
});

test("UNLOAD writes Parquet under the folders of its partitions, lists the files, and wants an empty place", async () => {
  const sql = `UNLOAD (SELECT id, year FROM orders WHERE id < 3) TO 's3://lake/mart/'
    WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['year'])`;

  const done = await query(sql);
  const again = await query(sql);

  const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: "lake", Prefix: "mart/" }));
  const keys = Contents?.map(({ Key }) => Key) ?? [];
  expect(keys).toEqual([
    `mart/year=2024/${done.QueryExecutionId}_0`,
    `mart/year=2025/${done.QueryExecutionId}_1`,
  ]);
  expect(await textOf(done.Statistics?.DataManifestLocation)).toBe(
    keys.map((key) => `s3://lake/${key}\n`).join(""),
  );
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "lake", Key: keys[1] }));
  const file = join(directory, "mart.parquet");
  writeFileSync(file, (await Body?.transformToByteArray()) ?? "");
  expect(await duck(`SELECT * FROM read_parquet('${file}')`)).toEqual([{ id: "2" }]);
  expect(await rowsOf(done.QueryExecutionId)).toEqual([]);
  expect(again.Status).toMatchObject({
    State: "FAILED",
    StateChangeReason: expect.stringContaining("HIVE_PATH_ALREADY_EXISTS"),
    AthenaError: { ErrorCategory: 2, Retryable: false },
  });
});

test("rows that are equal in their first columns have an order too: the same rows make the same file", async () => {
  const rows = ["(1, 'x', 3)", "(1, 'x', 1)", "(1, 'x', 4)", "(1, 'x', 2)"];
  const unload = (of: readonly string[], folder: string) =>
    query(
      `UNLOAD (SELECT a, b, c FROM (VALUES ${of.join(", ")}) AS t (a, b, c)) TO 's3://lake/${folder}/' WITH (format = 'PARQUET')`,
    );
  const tagOf = async (folder: string) =>
    (await clients.s3.send(new ListObjectsV2Command({ Bucket: "lake", Prefix: `${folder}/` }))).Contents?.map(
      ({ ETag }) => ETag,
    );

  await unload(rows, "forwards");
  await unload(rows.toReversed(), "backwards");

  expect(await tagOf("forwards")).toHaveLength(1);
  expect(await tagOf("backwards")).toEqual(await tagOf("forwards"));
});

test("UNLOAD of no rows writes no file, and its list is empty", async () => {
  const done = await query(
    "UNLOAD (SELECT id FROM orders WHERE id < 0) TO 's3://lake/nothing/' WITH (format = 'PARQUET')",
  );

  const { Contents } = await clients.s3.send(
    new ListObjectsV2Command({ Bucket: "lake", Prefix: "nothing/" }),
  );
  expect(done.Status?.State).toBe("SUCCEEDED");
  expect(Contents).toBeUndefined();
  expect(await textOf(done.Statistics?.DataManifestLocation)).toBe("");
});

describe("a query that cannot run fails with the reason", () => {
  test.each([
    [
      "SELECT id FROM shop.none",
      "TABLE_NOT_FOUND: line 1:16: Table 'awsdatacatalog.shop.none' does not exist",
    ],
    ["SELECT id\nFROM none.orders", "SCHEMA_NOT_FOUND: line 2:6: Schema 'none' does not exist"],
    [
      "SELECT id, nothing FROM orders",
      "COLUMN_NOT_FOUND: line 1:12: Column 'nothing' cannot be resolved or requester is not authorized to access requested resources",
    ],
    ["SELECT o.nothing FROM orders AS o", "COLUMN_NOT_FOUND: line 1:10: Column 'nothing' cannot be resolved"],
    [
      "SELECT id, count(*) AS n FROM orders",
      "EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate expression or appear in GROUP BY clause",
    ],
    ["SELECT CAST(note AS BIGINT) AS n FROM orders", "INVALID_CAST_ARGUMENT"],
    ["SELECT id FROM orders WHERE later = '2025-01-16'", "TYPE_MISMATCH: Cannot compare date with varchar"],
    [
      "SELECT id FROM orders WHERE at < '2025-01-16'",
      "TYPE_MISMATCH: Cannot compare timestamp(3) with varchar",
    ],
    ["SELECT id FROM orders WHERE id IN ('1', '2')", "TYPE_MISMATCH: Cannot compare bigint with varchar"],
    ["SELECT id FROM orders WHERE note = 5", "TYPE_MISMATCH: Cannot compare varchar with integer"],
    [
      "SELECT a.id FROM orders AS a JOIN orders AS b ON a.id = b.year",
      "TYPE_MISMATCH: Cannot compare bigint",
    ],
    ["SELECT id + 1 AS more FROM orders WHERE more > 1", "COLUMN_NOT_FOUND: line 1:41: Column 'more'"],
    ["SELECT note AS n, count(*) AS c FROM orders GROUP BY n", "COLUMN_NOT_FOUND: line 1:54: Column 'n'"],
    ["SELECT id + 1 AS more, more * 2 AS twice FROM orders", "COLUMN_NOT_FOUND: line 1:24: Column 'more'"],
    [
      "WITH t AS (SELECT id AS x FROM orders) SELECT y FROM (SELECT x AS y FROM t GROUP BY y) AS u",
      "COLUMN_NOT_FOUND: line 1:85: Column 'y'",
    ],
    ["SELECT id FROM nested", "the type struct<a:int> of shop.nested"],
    ["DROP TABLE orders", "NOT_SUPPORTED"],
    ["SELEC 1", "NOT_SUPPORTED"],
  ])("%s", async (sql, reason) => {
    const { Status, QueryExecutionId } = await query(sql);

    expect(Status).toMatchObject({ State: "FAILED", StateChangeReason: expect.stringContaining(reason) });
    await expect(rowsOf(QueryExecutionId)).rejects.toMatchObject({ name: "InvalidRequestException" });
  });
});

test("wrong calls are invalid requests", async () => {
  const start = (more: object) =>
    clients.athena.send(new StartQueryExecutionCommand({ QueryString: "SELECT 1 AS a", ...more }));
  const refused = { name: "InvalidRequestException" };
  const token = "0123456789012345678901234567890123";
  const own = { ResultConfiguration: { OutputLocation }, ClientRequestToken: token };

  await expect(start({})).rejects.toMatchObject({ ...refused, message: /No output location provided/ });
  await expect(start({ WorkGroup: "none" })).rejects.toMatchObject(refused);
  await expect(start({ ResultConfiguration: { OutputLocation: "results" } })).rejects.toMatchObject(refused);
  await expect(
    clients.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: "none" })),
  ).rejects.toMatchObject(refused);
  const first = await start(own);
  expect((await start(own)).QueryExecutionId).toBe(first.QueryExecutionId);
  await expect(start({ ...own, QueryString: "SELECT 2 AS a" })).rejects.toMatchObject({
    message: "Idempotent parameters do not match",
  });
});

test("StopQueryExecution cancels a query that waits or runs", async () => {
  const started = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      clients.athena.send(
        new StartQueryExecutionCommand({
          QueryString: `SELECT ${n} AS n`,
          ResultConfiguration: { OutputLocation },
        }),
      ),
    ),
  );
  const last = { QueryExecutionId: started[3]?.QueryExecutionId };

  await clients.athena.send(new StopQueryExecutionCommand(last));

  const { QueryExecution } = await clients.athena.send(new GetQueryExecutionCommand(last));
  expect(QueryExecution?.Status?.State).toBe("CANCELLED");
});

describe("a state machine", () => {
  const run = (sql: string) => execute(clients.sfn, graph.machineArn("run"), { sql });

  test("waits for the query and reads its rows; the workgroup says where results go", async () => {
    const { status, result } = await run("SELECT count(*) AS n FROM shop.orders WHERE id < 3");

    expect([status, result]).toEqual(["SUCCEEDED", "2"]);
    const { Contents } = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: "results", Prefix: "marts/" }),
    );
    expect(Contents).toHaveLength(1);
  });

  test("fails with the query as cause when the query fails", async () => {
    const { status, error, cause } = await run("SELECT id FROM shop.none");

    expect([status, error]).toEqual(["FAILED", "States.TaskFailed"]);
    expect(JSON.parse(cause ?? "")).toMatchObject({
      QueryExecution: { Status: { State: "FAILED", AthenaError: { ErrorCategory: 2 } } },
    });
  });
});
