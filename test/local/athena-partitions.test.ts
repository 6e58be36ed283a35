import { CreatePartitionCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { query, rowsOf } from "./athena-queries.ts";
import { clientsOf, execute } from "./clients.ts";
import { ParquetObjects } from "./parquet-objects.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let parquet: ParquetObjects;

const arn = (name: string) => `arn:aws:glue:us-east-1:000000000000:${name}`;

const catalogTable = (name: string, parameters: Record<string, string> = {}) =>
  graph.resource("aws:glue/catalogTable:CatalogTable", name, {
    name,
    databaseName: "shop",
    parameters,
    partitionKeys: [
      { name: "build", type: "string" },
      { name: "year", type: "int" },
    ],
    storageDescriptor: {
      location: `s3://lake/${name}/`,
      columns: [
        { name: "id", type: "bigint" },
        { name: "note", type: "string" },
      ],
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
  });

/** A machine that runs a query as a role with these rights on the catalogue, all on Athena and the results, and S3's. */
function asks(name: string, statements: object[]) {
  const machine = graph.machine(name, {
    StartAt: "Ask",
    States: {
      Ask: {
        Type: "Task",
        Resource: "arn:aws:states:::athena:startQueryExecution.sync",
        Arguments: {
          QueryString: "SELECT count(*) AS n FROM shop.registered",
          ResultConfiguration: { OutputLocation: "s3://results/" },
        },
        Catch: [
          {
            ErrorEquals: ["States.TaskFailed"],
            Output: "{% $parse($states.errorOutput.Cause).QueryExecution.Status.StateChangeReason %}",
            Next: "Told",
          },
        ],
        Output: "{% $states.result.QueryExecution.Status.State %}",
        Next: "Told",
      },
      Told: { Type: "Pass", End: true },
    },
  });
  const roleArn = `arn:aws:iam::000000000000:role/${name}`;
  const own = { ...machine, inputs: { ...machine.inputs, roleArn }, state: { ...machine.state, roleArn } };
  const base = { Effect: "Allow", Action: ["athena:*", "s3:PutObject"], Resource: "*" };
  return [own, graph.role(name, [base, ...statements])];
}

const allow = (Action: string | string[], ...Resource: string[]) => ({ Effect: "Allow", Action, Resource });
const reading = allow(["s3:ListBucket", "s3:GetObject"], "*");
const describing = allow(
  ["glue:GetTable", "glue:GetPartitions"],
  arn("catalog"),
  arn("database/shop"),
  arn("table/shop/registered"),
);

async function register(TableName: string, build: string, year: string, Location: string) {
  await clients.glue.send(
    new CreatePartitionCommand({
      DatabaseName: "shop",
      TableName,
      PartitionInput: { Values: [build, year], StorageDescriptor: { Columns: [], Location } },
    }),
  );
}

const scanned = async (sql: string) => {
  const { Status, Statistics } = await query(clients.athena, sql);
  return Status?.StateChangeReason ?? Statistics?.DataScannedInBytes ?? -1;
};

beforeAll(async () => {
  cloud = await bootCloud(
    graph.graphOf([
      ...["lake", "results"].map(graph.bucket),
      catalogTable("registered"),
      catalogTable("projected", { "projection.enabled": "true" }),
      ...asks("may", [reading, describing]),
      ...asks("blind", [allow("s3:ListBucket", "*"), describing]),
      ...asks("uncatalogued", [reading, allow("glue:GetTable", arn("catalog"), arn("database/shop"))]),
    ]),
    { root: graph.root },
  );
  clients = clientsOf(cloud.endpoint);
  parquet = new ParquetObjects(clients.s3);
  const rows = (from: number) =>
    `SELECT range::BIGINT AS id, md5(range::VARCHAR) AS note FROM range(${from}, ${from + 1000})`;
  await parquet.put("lake", "registered/build=a/year=2024/1.parquet", rows(0));
  await parquet.put("lake", "registered/build=a/year=2025/1.parquet", rows(1000));
  await parquet.put("lake", "registered/build=b/year=2025/1.parquet", rows(2000));
  await parquet.put("lake", "registered/build=b/year=2026/1.parquet", rows(3000));
  await parquet.put("lake", "elsewhere/1.parquet", rows(9000));
  await parquet.put("lake", "elsewhere/deeper/2.parquet", rows(9500));
  await parquet.put("lake", "elsewhere/_hidden/3.parquet", rows(9900));
  await clients.s3.send(new PutObjectCommand({ Bucket: "lake", Key: "elsewhere/.log", Body: "hidden" }));
  await register("registered", "a", "2024", "s3://lake/registered/build=a/year=2024/");
  await register("registered", "a", "2025", "s3://lake/registered/build=a/year=2025");
  await register("registered", "b", "2025", "s3://lake/registered/build=b/year=2025/");
  await register("registered", "c/ü %", "9", "s3://lake/elsewhere/");
  await register("registered", "gone", "1", "s3://lake/registered/build=gone/year=1/");
  await parquet.put("lake", "projected/build=a/year=2024/1.parquet", rows(0));
  await parquet.put("lake", "projected/build=b/year=2025/1.parquet", rows(1000));
});
afterAll(async () => {
  parquet.close();
  await cloud.close();
});

describe("a table with registered partitions", () => {
  test("has the rows of those only, wherever they lie, with the values that are registered", async () => {
    const counted = await rowsOf(
      clients.athena,
      "SELECT build, year, count(*) AS n, min(id) AS least FROM registered GROUP BY build, year ORDER BY build, year",
    );

    expect(counted).toEqual([
      ["a", "2024", "1000", "0"],
      ["a", "2025", "1000", "1000"],
      ["b", "2025", "1000", "2000"],
      ["c/ü %", "9", "2000", "9000"],
    ]);
  });

  test.each([
    ["build = 'a' AND year > 2024", "1000"],
    ["build IN ('a', 'b') AND year = 2025", "2000"],
    ["(build = 'a' OR year = 9) AND id < 500", "500"],
    ["build = (SELECT max(build) AS build FROM registered WHERE build < 'c')", "1000"],
    ["build = 'nobody'", "0"],
    ["CAST(year AS BIGINT) + 1 = 2026 AND upper(build) IN ('A', 'B')", "2000"],
    ["(year = 2025) = (id % 2 = 0) AND year > 2023", "1500"],
  ])("answers WHERE %s", async (where, expected) => {
    const sql = `SELECT count(*) AS n FROM registered WHERE ${where}`;

    expect(await rowsOf(clients.athena, sql)).toEqual([[expected]]);
  });

  test("is joined with itself by other partitions on each side", async () => {
    const sql = `SELECT count(*) AS n, count(right_side.id) AS m FROM registered AS left_side
      LEFT JOIN registered AS right_side ON left_side.id + 1000 = right_side.id AND right_side.year = 2025
      WHERE left_side.build = 'a'`;

    expect(await rowsOf(clients.athena, sql)).toEqual([["2000", "2000"]]);
  });
});

test("a table that projects its partitions has those that its keys tell", async () => {
  const sql = "SELECT build, count(*) AS n FROM projected WHERE year = 2025 GROUP BY build";

  expect(await rowsOf(clients.athena, sql)).toEqual([["b", "1000"]]);
});

test("outer joins have the rows without a partner, whichever side conditions leave out", async () => {
  const sql = `SELECT count(*), count(l.id), count(r.id) FROM (SELECT id FROM registered WHERE year = 2024) AS l
    FULL JOIN registered AS r ON l.id = r.id AND r.year = 2025`;
  const right = `SELECT count(*), count(l.id) FROM registered AS l RIGHT JOIN projected AS r ON l.id = r.id AND r.year = 2024 AND l.year = 2024`;

  expect(await rowsOf(clients.athena, sql)).toEqual([["6000", "1000", "5000"]]);
  expect(await rowsOf(clients.athena, right)).toEqual([["2000", "1000"]]);
});

describe("the bytes that a query scans", () => {
  test("are those of the columns and partitions that it needs, and none for a count", async () => {
    const [count, narrow, partition, column, all, literal] = [
      await scanned("SELECT count(*) AS n FROM registered"),
      await scanned("SELECT sum(id) AS s FROM registered WHERE build = 'a' AND year = 2024"),
      await scanned("SELECT id, note FROM registered WHERE build = 'a' AND year = 2024"),
      await scanned("SELECT note FROM registered"),
      await scanned("SELECT * FROM registered"),
      await scanned("SELECT max(build) AS b FROM registered"),
    ].map(Number);

    expect([count, literal]).toEqual([0, 0]);
    const five = [narrow, partition, column, all].map((bytes) => Number(bytes));
    expect(five).toEqual([...five].sort((a, b) => a - b));
    // Five objects of a thousand rows with 32 hexadecimal digits and a number of eight bytes.
    expect(narrow).toBeGreaterThan(1000);
    expect(partition).toBeGreaterThan(30_000);
    expect(column).toBeGreaterThan(150_000);
    expect(all).toBeLessThan(5 * Number(partition) * 1.1);
  });

  test("count what only a condition reads, and each side of a join", async () => {
    const [both, conditioned, joined, one] = [
      await scanned("SELECT id, note FROM projected"),
      await scanned("SELECT sum(id) AS s FROM projected WHERE note < 'x'"),
      await scanned("SELECT a.id FROM projected AS a JOIN projected AS b ON a.id = b.id WHERE b.year = 2024"),
      await scanned("SELECT id FROM projected"),
    ].map(Number);

    expect(conditioned).toBe(both);
    expect(joined).toBeGreaterThan(Number(one));
    expect(joined).toBeLessThan(2 * Number(one));
  });

  test("are few when a partition is chosen outside of the query that names the table", async () => {
    const inner = "WITH t AS (SELECT id, note, build, year FROM projected)";

    const chosen = await scanned(`${inner} SELECT id FROM t WHERE year = 2024`);
    const direct = await scanned("SELECT id FROM projected WHERE year = 2024");

    expect(chosen).toBe(direct);
    expect(chosen).toBeGreaterThan(0);
  });
});

describe("a query reads as whoever asks", () => {
  const ask = async (name: string) => (await execute(clients.sfn, graph.machineArn(name))).result;

  test("the catalogue and the objects", async () => {
    expect(await ask("may")).toBe("SUCCEEDED");
  });

  test("no object that it may not", async () => {
    expect(await ask("blind")).toMatch(/PERMISSION_DENIED: .*s3:\/\/lake\/(registered|elsewhere)\//);
  });

  test("no table that it may not see", async () => {
    expect(await ask("uncatalogued")).toMatch(
      /PERMISSION_DENIED: .*not authorized to perform: glue:GetTable on resource: .*table\/shop\/registered/,
    );
  });
});
