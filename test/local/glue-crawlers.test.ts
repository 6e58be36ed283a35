import {
  BatchGetCrawlersCommand,
  CreateCrawlerCommand,
  type CreateCrawlerRequest,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetCrawlersCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  ListCrawlersCommand,
  StartCrawlerCommand,
  StopCrawlerCommand,
  UpdateCrawlerCommand,
} from "@aws-sdk/client-glue";
import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually, execute } from "./clients.ts";
import { ParquetObjects } from "./parquet-objects.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let parquet: ParquetObjects;
const Role = "arn:aws:iam::000000000000:role/crawls";

/** Starts a crawler and waits until it is ready again. */
async function crawl(Name: string) {
  await clients.glue.send(new StartCrawlerCommand({ Name }));
  return eventually(async () => {
    const { Crawler } = await clients.glue.send(new GetCrawlerCommand({ Name }));
    return Crawler?.State === "READY" ? Crawler : undefined;
  });
}

const create = (definition: Omit<CreateCrawlerRequest, "Role"> & { Role?: string }) =>
  clients.glue.send(new CreateCrawlerCommand({ Role, ...definition }));

async function partitionsOf(DatabaseName: string, TableName: string) {
  const { Partitions } = await clients.glue.send(new GetPartitionsCommand({ DatabaseName, TableName }));
  return Partitions?.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Location]);
}

const tablesOf = async (DatabaseName: string) =>
  (await clients.glue.send(new GetTablesCommand({ DatabaseName }))).TableList ?? [];

beforeAll(async () => {
  const publish = graph.machine("publish", {
    StartAt: "Start",
    States: {
      Start: {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:glue:startCrawler",
        Arguments: { Name: "{% $states.input.name %}" },
        Next: "Look",
      },
      Look: {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:glue:getCrawler",
        Arguments: { Name: "{% $states.context.Execution.Input.name %}" },
        Output: "{% $states.result.Crawler %}",
        Next: "Ready?",
      },
      "Ready?": {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.State = 'READY' %}", Next: "Done" }],
        Default: "Look",
      },
      Done: { Type: "Pass", Output: "{% $states.input.LastCrawl.Status %}", End: true },
    },
  });
  const sales = graph.resource("aws:glue/catalogTable:CatalogTable", "sales", {
    name: "sales",
    databaseName: "marts",
    partitionKeys: [
      { name: "build", type: "string" },
      { name: "month", type: "string" },
    ],
    storageDescriptor: {
      location: "s3://lake/marts/sales/",
      columns: [{ name: "id", type: "bigint" }],
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
  });
  const marts = graph.resource("aws:glue/crawler:Crawler", "marts", {
    name: "marts",
    role: Role,
    databaseName: "marts",
    catalogTargets: [{ databaseName: "marts", tables: ["sales"] }],
    schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
    recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
    configuration: JSON.stringify({
      Version: 1,
      CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
    }),
  });
  const blind = graph.role("blind", [
    { Effect: "Allow", Action: ["s3:ListBucket", "glue:*"], Resource: "*" },
  ]);
  cloud = await bootCloud(
    graph.graphOf([graph.bucket("lake"), graph.bucket("closed"), sales, marts, blind, publish]),
    { root: graph.root },
  );
  clients = clientsOf(cloud.endpoint);
  parquet = new ParquetObjects(clients.s3);
});
afterAll(async () => {
  parquet.close();
  await cloud.close();
});

describe("a crawler of tables in the catalogue", () => {
  test("registers the partitions that it finds, with the table's columns, and leaves those that are gone", async () => {
    const folder = (build: string, month: string) =>
      `marts/sales/build=${build}/month=${month}/part-0.parquet`;
    await parquet.put("lake", folder("1", "2025-01"), "SELECT 1::BIGINT AS id");
    await parquet.put("lake", folder("1", "2025-02"), "SELECT 1::BIGINT AS id");
    await parquet.put("lake", "marts/sales/build=1/_temporary/x.parquet", "SELECT 1::BIGINT AS id");
    await parquet.put("lake", "marts/sales/other=1/month=2025-01/x.parquet", "SELECT 1::BIGINT AS id");

    const first = await crawl("marts");
    await clients.s3.send(new DeleteObjectCommand({ Bucket: "lake", Key: folder("1", "2025-02") }));
    await parquet.put("lake", folder("2", "a b%2F"), "SELECT 1::BIGINT AS id");
    const second = await crawl("marts");

    expect([first.LastCrawl?.Status, second.LastCrawl?.Status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(await partitionsOf("marts", "sales")).toEqual([
      [["1", "2025-01"], "s3://lake/marts/sales/build=1/month=2025-01/"],
      [["1", "2025-02"], "s3://lake/marts/sales/build=1/month=2025-02/"],
      [["2", "a b/"], "s3://lake/marts/sales/build=2/month=a b%2F/"],
    ]);
    const { Partitions } = await clients.glue.send(
      new GetPartitionsCommand({ DatabaseName: "marts", TableName: "sales", MaxResults: 1 }),
    );
    expect(Partitions?.[0]?.StorageDescriptor).toMatchObject({
      Columns: [{ Name: "id", Type: "bigint" }],
      InputFormat: expect.stringContaining("Parquet"),
    });
  });

  test("removes partitions where it may", async () => {
    await create({
      Name: "sweeps",
      Targets: { CatalogTargets: [{ DatabaseName: "marts", Tables: ["sales"] }] },
      SchemaChangePolicy: { UpdateBehavior: "LOG", DeleteBehavior: "DELETE_FROM_DATABASE" },
    });

    await crawl("sweeps");

    const values = (await partitionsOf("marts", "sales"))?.map(([found]) => found);
    expect(values).toEqual([
      ["1", "2025-01"],
      ["2", "a b/"],
    ]);
  });

  test("fails when a table is not there, and says so", async () => {
    await create({
      Name: "lost",
      Targets: { CatalogTargets: [{ DatabaseName: "marts", Tables: ["none"] }] },
      SchemaChangePolicy: { DeleteBehavior: "LOG" },
    });

    const { LastCrawl } = await crawl("lost");

    expect(LastCrawl).toMatchObject({ Status: "FAILED", ErrorMessage: "Table none not found." });
  });
});

describe("a crawler of folders", () => {
  test("infers tables, columns of all files, and partitions", async () => {
    const row = "1 AS Id, 'x' AS name, 1.5::DECIMAL(12,2) AS total, DATE '2025-01-01' AS day, true AS ok";
    await parquet.put("lake", "in/Web Orders/Year=2024/a.parquet", `SELECT ${row}, now()::TIMESTAMP AS at`);
    await parquet.put(
      "lake",
      "in/Web Orders/Year=2025/b.parquet",
      `SELECT ${row}, 5::BIGINT AS more, [1.5::FLOAT] AS list`,
    );
    await parquet.put("lake", "in/clicks/2025/01/c.parquet", "SELECT 1.5 AS x, true AS yes, {'a': 1} AS s");
    await parquet.put("lake", "in/_hidden/d.parquet", "SELECT 1 AS no");
    await parquet.put("lake", "in/tmp/skip/e.parquet", "SELECT 1 AS neither");
    await create({
      Name: "folders",
      DatabaseName: "Found",
      TablePrefix: "raw_",
      Targets: { S3Targets: [{ Path: "s3://lake/in/", Exclusions: ["tmp/**"] }] },
    });

    const { LastCrawl } = await crawl("folders");

    expect(LastCrawl).toMatchObject({ Status: "SUCCEEDED" });
    const [clicks, orders, ...others] = (await tablesOf("found")).sort((a, b) =>
      String(a.Name).localeCompare(String(b.Name)),
    );
    expect(others).toEqual([]);
    expect(orders).toMatchObject({
      Name: "raw_web_orders",
      TableType: "EXTERNAL_TABLE",
      PartitionKeys: [{ Name: "year", Type: "string" }],
      Parameters: {
        classification: "parquet",
        UPDATED_BY_CRAWLER: "folders",
        objectCount: "2",
        recordCount: "2",
      },
      StorageDescriptor: { Location: "s3://lake/in/Web Orders/" },
    });
    expect(orders?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      "id int",
      "name string",
      "total decimal(12,2)",
      "day date",
      "ok boolean",
      "at timestamp",
      "more bigint",
      "list array<float>",
    ]);
    expect(await partitionsOf("found", "raw_web_orders")).toEqual([
      [["2024"], "s3://lake/in/Web Orders/Year=2024/"],
      [["2025"], "s3://lake/in/Web Orders/Year=2025/"],
    ]);
    expect(clicks).toMatchObject({
      Name: "raw_clicks",
      PartitionKeys: [{ Name: "partition_0" }, { Name: "partition_1" }],
      StorageDescriptor: {
        Columns: [{ Type: "decimal(2,1)" }, { Type: "boolean" }, { Name: "s", Type: "struct<a:int>" }],
      },
    });
    const { CrawlerMetricsList } = await clients.glue.send(
      new GetCrawlerMetricsCommand({ CrawlerNameList: ["folders"] }),
    );
    expect(CrawlerMetricsList).toMatchObject([
      { CrawlerName: "folders", TablesCreated: 2, TablesUpdated: 0 },
    ]);
  });

  test("widens columns where it may, and leaves a changed table alone where it may only log", async () => {
    const crawlers = [
      ["logs", "LOG"],
      ["updates", "UPDATE_IN_DATABASE"],
    ] as const;
    await parquet.put(
      "lake",
      "grows/a.parquet",
      "SELECT 1 AS id, 1::FLOAT AS x, 1.5::DECIMAL(4,1) AS d, 1 AS t",
    );
    for (const [Name, UpdateBehavior] of crawlers) {
      await create({
        Name,
        DatabaseName: `grows_${Name}`,
        Targets: { S3Targets: [{ Path: "s3://lake/grows" }] },
        SchemaChangePolicy: { UpdateBehavior, DeleteBehavior: "LOG" },
      });
      await crawl(Name);
    }
    const wider = "1::BIGINT AS id, 1::DOUBLE AS x, 1.5::DECIMAL(6,3) AS d, 'text' AS t, 1 AS added";
    await parquet.put("lake", "grows/b.parquet", `SELECT ${wider}`);

    for (const [Name] of crawlers) await crawl(Name);

    const columns = async (DatabaseName: string) => {
      const { Table } = await clients.glue.send(new GetTableCommand({ DatabaseName, Name: "grows" }));
      return Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`);
    };
    expect(await columns("grows_logs")).toEqual(["id int", "x float", "d decimal(4,1)", "t int"]);
    expect(await columns("grows_updates")).toEqual([
      "id bigint",
      "x double",
      "d decimal(6,3)",
      "t string",
      "added int",
    ]);
  });

  test.each([
    ["DEPRECATE_IN_DATABASE", { gone: expect.stringMatching(/^\d+$/), kept: undefined }],
    ["DELETE_FROM_DATABASE", { kept: undefined }],
    ["LOG", { gone: undefined, kept: undefined }],
  ] as const)("a table that is gone: %s", async (DeleteBehavior, expected) => {
    const folder = `goes-${DeleteBehavior.toLowerCase()}`;
    await parquet.put("lake", `${folder}/kept/a.parquet`, "SELECT 1 AS a, 2 AS b");
    await parquet.put("lake", `${folder}/gone/a.parquet`, "SELECT 1 AS c");
    await create({
      Name: folder,
      DatabaseName: folder,
      Targets: { S3Targets: [{ Path: `s3://lake/${folder}/` }] },
      SchemaChangePolicy: { DeleteBehavior },
    });
    await crawl(folder);
    await clients.s3.send(new DeleteObjectCommand({ Bucket: "lake", Key: `${folder}/gone/a.parquet` }));
    // One folder is left: it stays a table of its own by its level.
    await clients.glue.send(
      new UpdateCrawlerCommand({
        Name: folder,
        Configuration: JSON.stringify({ Version: 1, Grouping: { TableLevelConfiguration: 3 } }),
      }),
    );

    await crawl(folder);

    const found = (await tablesOf(folder)).map(({ Name, Parameters }) => [
      Name,
      Parameters?.DEPRECATED_BY_CRAWLER,
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test("fails on what is not Parquet, naming it", async () => {
    await clients.s3.send(new PutObjectCommand({ Bucket: "lake", Key: "mixed/a.csv", Body: "a,b\n1,2\n" }));
    await create({
      Name: "mixed",
      DatabaseName: "mixed",
      Targets: { S3Targets: [{ Path: "s3://lake/mixed/" }] },
    });

    const { LastCrawl } = await crawl("mixed");

    expect(LastCrawl).toMatchObject({
      Status: "FAILED",
      ErrorMessage: expect.stringContaining("s3://lake/mixed/a.csv"),
    });
  });

  test("reads with its role's rights only", async () => {
    await parquet.put("closed", "t/a.parquet", "SELECT 1 AS a");
    await create({
      Name: "blind",
      Role: "blind",
      DatabaseName: "closed",
      Targets: { S3Targets: [{ Path: "s3://closed/t/" }] },
    });

    const { LastCrawl, Role: shown } = await crawl("blind");

    expect(shown).toBe("blind");
    expect(LastCrawl).toMatchObject({
      Status: "FAILED",
      ErrorMessage: expect.stringMatching(/AWS-Crawler-blind is not authorized to perform: s3:GetObject/),
    });
  });
});

describe("crawlers over the API", () => {
  const start = (Name: string) => clients.glue.send(new StartCrawlerCommand({ Name }));
  const stop = (Name: string) => clients.glue.send(new StopCrawlerCommand({ Name }));
  const target = { S3Targets: [{ Path: "s3://lake/none/" }] };

  test("one at a time: who starts, changes or takes away a running one is refused; a stopped one is cancelled", async () => {
    await parquet.put("lake", "busy/0.parquet", "SELECT 1 AS a");
    // Each footer is read: that takes longer than the calls that follow.
    for (let n = 1; n < 150; n++)
      await clients.s3.send(
        new CopyObjectCommand({
          Bucket: "lake",
          Key: `busy/${n}.parquet`,
          CopySource: "lake/busy/0.parquet",
        }),
      );
    await create({
      Name: "busy",
      DatabaseName: "busy",
      Targets: { S3Targets: [{ Path: "s3://lake/busy/" }] },
    });
    const look = async () => (await clients.glue.send(new GetCrawlerCommand({ Name: "busy" }))).Crawler;

    await start("busy");
    const machine = execute(clients.sfn, graph.machineArn("publish"), { name: "busy" });
    const refused = await Promise.allSettled([
      start("busy"),
      clients.glue.send(new DeleteCrawlerCommand({ Name: "busy" })),
      clients.glue.send(new UpdateCrawlerCommand({ Name: "busy", Description: "other" })),
    ]);
    const running = await look();
    const { error } = await machine;
    await stop("busy");
    const ended = await eventually(async () => {
      const crawler = await look();
      return crawler?.State === "READY" ? crawler : undefined;
    });

    expect(refused).toMatchObject(
      Array.from({ length: 3 }, () => ({ reason: { name: "CrawlerRunningException" } })),
    );
    expect(error).toBe("Glue.CrawlerRunningException");
    expect(running?.State).toBe("RUNNING");
    expect(ended.LastCrawl?.Status).toBe("CANCELLED");
    await expect(stop("marts")).rejects.toMatchObject({ name: "CrawlerNotRunningException" });
  });

  test("are listed, changed and taken away", async () => {
    await create({ Name: "short", DatabaseName: "short", Targets: target, Description: "first" });

    await clients.glue.send(new UpdateCrawlerCommand({ Name: "short", Description: "second" }));

    const { Crawlers } = await clients.glue.send(new GetCrawlersCommand({}));
    expect(Crawlers?.find(({ Name }) => Name === "short")).toMatchObject({
      State: "READY",
      Description: "second",
      DatabaseName: "short",
      Version: 2,
      SchemaChangePolicy: { UpdateBehavior: "UPDATE_IN_DATABASE", DeleteBehavior: "DEPRECATE_IN_DATABASE" },
      RecrawlPolicy: { RecrawlBehavior: "CRAWL_EVERYTHING" },
    });
    const first = await clients.glue.send(new ListCrawlersCommand({ MaxResults: 1 }));
    expect(first.CrawlerNames).toEqual(["marts"]);
    const { CrawlersNotFound } = await clients.glue.send(
      new BatchGetCrawlersCommand({ CrawlerNames: ["short", "none"] }),
    );
    expect(CrawlersNotFound).toEqual(["none"]);
    await clients.glue.send(new DeleteCrawlerCommand({ Name: "short" }));
    await expect(start("short")).rejects.toMatchObject({ name: "EntityNotFoundException" });
    await expect(create({ Name: "marts", DatabaseName: "x", Targets: target })).rejects.toMatchObject({
      name: "AlreadyExistsException",
    });
  });

  test.each<[Omit<CreateCrawlerRequest, "Name" | "Role">, string]>([
    [{ Targets: {} }, "InvalidInputException"],
    [{ Targets: target }, "InvalidInputException"],
    [{ Targets: { JdbcTargets: [{ Path: "x" }] } }, "NotImplemented"],
    [{ Targets: target, DatabaseName: "x", Classifiers: ["own"] }, "NotImplemented"],
    [
      { Targets: { CatalogTargets: [{ DatabaseName: "marts", Tables: ["sales"] }] } },
      "InvalidInputException",
    ],
    [{ Targets: target, DatabaseName: "x", Configuration: "{" }, "InvalidInputException"],
    [
      { Targets: target, DatabaseName: "x", RecrawlPolicy: { RecrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" } },
      "InvalidInputException",
    ],
  ])("%o is refused as %s", async (definition, name) => {
    await expect(create({ Name: "wrong", ...definition })).rejects.toMatchObject({ name });
  });
});

describe("a state machine", () => {
  test("starts a crawler and looks at it until it is ready", async () => {
    const { status, result } = await execute(clients.sfn, graph.machineArn("publish"), { name: "marts" });

    expect([status, result]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  test("that starts a crawler that is not there fails under Glue's name", async () => {
    const { error } = await execute(clients.sfn, graph.machineArn("publish"), { name: "none" });

    expect(error).toBe("Glue.EntityNotFoundException");
  });
});
