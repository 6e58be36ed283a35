import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { type DuckSession, openSession } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultText } from "../../packages/local/src/cloud/athena/result-text.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { answerWithTypes } from "../runtime/athena-dialect/answer.ts";
import { analystQueries, customersSql, salesByMonth } from "./athena-dialect-queries.ts";
import { query, rowsOf } from "./athena-queries.ts";
import { clientsOf } from "./clients.ts";
import { ParquetObjects } from "./parquet-objects.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let parquet: ParquetObjects;
let session: DuckSession;
let folder: string;

const catalogTable = (name: string, columns: Record<string, string>, keys: Record<string, string> = {}) =>
  graph.resource("aws:glue/catalogTable:CatalogTable", name, {
    name,
    databaseName: "shop",
    parameters: { "projection.enabled": "true" },
    partitionKeys: Object.entries(keys).map(([key, type]) => ({ name: key, type })),
    storageDescriptor: {
      location: `s3://lake/${name}/`,
      columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
  });

beforeAll(async () => {
  const sales = catalogTable(
    "sales",
    {
      order_id: "bigint",
      customer_id: "string",
      region: "string",
      amount: "decimal(12,2)",
      quantity: "int",
      score: "double",
      day: "date",
      at: "timestamp",
      note: "string",
      tags: "array<string>",
      extra: "string",
    },
    { month: "string" },
  );
  const customers = catalogTable("customers", { customer_id: "string", name: "string" });
  cloud = await bootCloud(graph.graphOf([...["lake", "results"].map(graph.bucket), sales, customers]), {
    root: graph.root,
  });
  clients = clientsOf(cloud.endpoint);
  parquet = new ParquetObjects(clients.s3);
  for (const [month, sql] of Object.entries(salesByMonth))
    await parquet.put("lake", `sales/month=${month}/1.parquet`, sql);
  await parquet.put("lake", "customers/1.parquet", customersSql);
  folder = await mkdtemp(`${tmpdir()}/penstock-athena-dialect-`);
  session = await openSession({ memoryMb: 300, threads: 2, tempDirectory: folder });
  const months = Object.entries(salesByMonth).map(
    ([month, sql]) => `SELECT *, '${month}' AS month FROM (${sql})`,
  );
  await session.run(`CREATE TABLE sales AS ${months.join(" UNION ALL ")}`);
  await session.run(`CREATE TABLE customers AS ${customersSql}`);
});
afterAll(async () => {
  parquet.close();
  await session.close();
  await rm(folder, { recursive: true, force: true });
  await cloud.close();
});

describe("a query of analysts", () => {
  test.each(analystQueries)("%s", async (sql, rows) => {
    const { types, found } = await answerWithTypes(session, sql);

    const texts = found.map((row) =>
      Object.values(row).map((value, at) => resultText(value, types[at] ?? "") ?? undefined),
    );
    expect(texts).toEqual(rows);
  });
});

describe("a query of analysts through Athena's API", () => {
  // Each takes a third of a second: a few of every kind.
  test.concurrent.each(analystQueries.filter((_, at) => at % 5 === 0))("%s", async (sql, rows) => {
    expect(await rowsOf(clients.athena, sql)).toEqual(rows);
  });
});

test("the CSV at the output location has the rows, with names for all columns and columns of equal names", async () => {
  const sql = `SELECT a.order_id, b.order_id, count(*), avg(a.amount), max(a.note) AS "the note", current_timestamp > TIMESTAMP '2025-01-01 00:00:00'
    FROM sales a JOIN sales b ON a.order_id = b.order_id WHERE a.order_id IN (1, 3) GROUP BY a.order_id, b.order_id ORDER BY 1`;

  const { ResultConfiguration, QueryExecutionId } = await query(clients.athena, sql);

  const Key = ResultConfiguration?.OutputLocation?.slice("s3://results/".length);
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "results", Key }));
  expect(await Body?.transformToString()).toBe(
    '"order_id","order_id","_col2","_col3","the note","_col5"\n' +
      '"1","1","1","5.04"," first é ","true"\n' +
      '"3","3","1","30.00",,"true"\n',
  );
  const { ResultSet } = await clients.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
    "order_id bigint",
    "order_id bigint",
    "_col2 bigint",
    "_col3 decimal",
    "the note varchar",
    "_col5 boolean",
  ]);
});

test("CREATE TABLE AS and UNLOAD take the same queries", async () => {
  const by =
    "SELECT customer_id, avg(amount) AS mean, date_trunc('month', day) AS month FROM sales GROUP BY 1, 3";
  const created = await query(clients.athena, `CREATE TABLE shop.means AS ${by}`);
  const unnamed = await query(clients.athena, "CREATE TABLE shop.unnamed AS SELECT count(*) FROM sales");
  const unloaded = await query(
    clients.athena,
    "UNLOAD (SELECT order_id / 2 AS half, upper(region) AS region FROM sales) TO 's3://lake/halves/' WITH (format = 'PARQUET')",
  );

  expect(created.Status).toMatchObject({ State: "SUCCEEDED" });
  expect(await rowsOf(clients.athena, "SELECT mean, month FROM means WHERE customer_id = 'c2'")).toEqual([
    ["12.53", "2025-01-01"],
  ]);
  expect(unnamed.Status?.StateChangeReason).toBe(
    "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1",
  );
  expect(unloaded.Status).toMatchObject({ State: "SUCCEEDED" });
});

describe("a query fails with Athena's words", () => {
  test.concurrent.each([
    [
      "SELECT id FROM sales TABLESAMPLE BERNOULLI (10)",
      "NOT_SUPPORTED: TABLESAMPLE: not supported by the local Athena",
    ],
    ["SELECT transform(tags, x -> x) FROM sales", "NOT_SUPPORTED: the function transform; a lambda"],
    ["SELECT amount / 0 FROM sales", "DIVISION_BY_ZERO: Division by zero"],
    ["SELECT CAST(note AS INTEGER) FROM sales", "INVALID_CAST_ARGUMENT"],
    ["SELECT day - day FROM sales", "TYPE_MISMATCH: Cannot apply operator: date - date"],
    ["SELECT sum(region) FROM sales", "FUNCTION_NOT_FOUND: Unexpected parameters (varchar) for function sum"],
    ["SELECT upper(nothing) FROM sales", "COLUMN_NOT_FOUND: line 1:14: Column 'nothing' cannot be resolved"],
    ["SELECT region FROM sales WHERE sum(amount) > 5", "EXPRESSION_NOT_SCALAR"],
    ["SELECT year(day) AS y FROM sales GROUP BY y", "COLUMN_NOT_FOUND: line 1:43: Column 'y'"],
    [
      "SELECT order_id FROM sales WHERE amount > '5'",
      "TYPE_MISMATCH: Cannot compare decimal(12,2) with varchar",
    ],
  ])("%s", async (sql, reason) => {
    const { Status } = await query(clients.athena, sql);

    expect(Status).toMatchObject({
      State: "FAILED",
      StateChangeReason: expect.stringContaining(reason),
      AthenaError: { ErrorCategory: 2, ErrorMessage: expect.stringContaining(reason) },
    });
    expect(Status?.StateChangeReason).not.toContain("athena_operation");
  });
});
