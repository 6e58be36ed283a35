import {
  BatchGetCrawlersCommand,
  type CreateCrawlerRequest,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  GetCrawlersCommand,
  GetPartitionsCommand,
  ListCrawlersCommand,
  StartCrawlerCommand,
  StopCrawlerCommand,
  UpdateCrawlerCommand,
} from "@aws-sdk/client-glue";
import { CopyObjectCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, execute } from "./clients.ts";
import { type Crawling, crawling } from "./crawling.ts";
import * as graph from "./small-graph.ts";

let at: Crawling;
beforeAll(async () => {
  at = await crawling();
});
afterAll(() => at.close());

describe("a crawler of tables in the catalogue", () => {
  test("registers the partitions that it finds, with the table's columns, and leaves those that are gone", async () => {
    const folder = (build: string, month: string) =>
      `marts/sales/build=${build}/month=${month}/part-0.parquet`;
    await at.parquet.put("lake", folder("1", "2025-01"), "SELECT 1::BIGINT AS id");
    await at.parquet.put("lake", folder("1", "2025-02"), "SELECT 1::BIGINT AS id");
    await at.parquet.put("lake", "marts/sales/build=1/_temporary/x.parquet", "SELECT 1::BIGINT AS id");
    await at.parquet.put("lake", "marts/sales/other=1/month=2025-01/x.parquet", "SELECT 1::BIGINT AS id");

    const first = await at.crawl("marts");
    await at.clients.s3.send(new DeleteObjectCommand({ Bucket: "lake", Key: folder("1", "2025-02") }));
    await at.parquet.put("lake", folder("2", "a b%2F"), "SELECT 1::BIGINT AS id");
    const second = await at.crawl("marts");

    expect([first.LastCrawl?.Status, second.LastCrawl?.Status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(await at.partitionsOf("marts", "sales")).toEqual([
      [["1", "2025-01"], "s3://lake/marts/sales/build=1/month=2025-01/"],
      [["1", "2025-02"], "s3://lake/marts/sales/build=1/month=2025-02/"],
      [["2", "a b/"], "s3://lake/marts/sales/build=2/month=a b%2F/"],
    ]);
    const { Partitions } = await at.clients.glue.send(
      new GetPartitionsCommand({ DatabaseName: "marts", TableName: "sales", MaxResults: 1 }),
    );
    expect(Partitions?.[0]?.StorageDescriptor).toMatchObject({
      Columns: [{ Name: "id", Type: "bigint" }],
      InputFormat: expect.stringContaining("Parquet"),
    });
  });

  test("removes partitions where it may", async () => {
    await at.create({
      Name: "sweeps",
      Targets: { CatalogTargets: [{ DatabaseName: "marts", Tables: ["sales"] }] },
      SchemaChangePolicy: { UpdateBehavior: "LOG", DeleteBehavior: "DELETE_FROM_DATABASE" },
    });

    await at.crawl("sweeps");

    const values = (await at.partitionsOf("marts", "sales"))?.map(([found]) => found);
    expect(values).toEqual([
      ["1", "2025-01"],
      ["2", "a b/"],
    ]);
  });

  test("fails when a table is not there, and says so", async () => {
    await at.create({
      Name: "lost",
      Targets: { CatalogTargets: [{ DatabaseName: "marts", Tables: ["none"] }] },
      SchemaChangePolicy: { DeleteBehavior: "LOG" },
    });

    const { LastCrawl } = await at.crawl("lost");

    expect(LastCrawl).toMatchObject({ Status: "FAILED", ErrorMessage: "Table none not found." });
  });
});

describe("crawlers over the API", () => {
  const start = (Name: string) => at.clients.glue.send(new StartCrawlerCommand({ Name }));
  const stop = (Name: string) => at.clients.glue.send(new StopCrawlerCommand({ Name }));
  const target = { S3Targets: [{ Path: "s3://lake/none/" }] };

  test("one at a time: who starts, changes or takes away a running one is refused; a stopped one is cancelled", async () => {
    await at.parquet.put("lake", "busy/0.parquet", "SELECT 1 AS a");
    // Each footer is read: that takes longer than the calls that follow.
    for (let n = 1; n < 150; n++)
      await at.clients.s3.send(
        new CopyObjectCommand({
          Bucket: "lake",
          Key: `busy/${n}.parquet`,
          CopySource: "lake/busy/0.parquet",
        }),
      );
    await at.create({
      Name: "busy",
      DatabaseName: "busy",
      Targets: { S3Targets: [{ Path: "s3://lake/busy/" }] },
    });
    const look = async () => (await at.clients.glue.send(new GetCrawlerCommand({ Name: "busy" }))).Crawler;

    await start("busy");
    const machine = execute(at.clients.sfn, graph.machineArn("publish"), { name: "busy" });
    const refused = await Promise.allSettled([
      start("busy"),
      at.clients.glue.send(new DeleteCrawlerCommand({ Name: "busy" })),
      at.clients.glue.send(new UpdateCrawlerCommand({ Name: "busy", Description: "other" })),
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
    await at.create({ Name: "short", DatabaseName: "short", Targets: target, Description: "first" });

    await at.clients.glue.send(new UpdateCrawlerCommand({ Name: "short", Description: "second" }));

    const { Crawlers } = await at.clients.glue.send(new GetCrawlersCommand({}));
    expect(Crawlers?.find(({ Name }) => Name === "short")).toMatchObject({
      State: "READY",
      Description: "second",
      DatabaseName: "short",
      Version: 2,
      SchemaChangePolicy: { UpdateBehavior: "UPDATE_IN_DATABASE", DeleteBehavior: "DEPRECATE_IN_DATABASE" },
      RecrawlPolicy: { RecrawlBehavior: "CRAWL_EVERYTHING" },
    });
    const first = await at.clients.glue.send(new ListCrawlersCommand({ MaxResults: 1 }));
    expect(first.CrawlerNames).toEqual(["marts"]);
    const { CrawlersNotFound } = await at.clients.glue.send(
      new BatchGetCrawlersCommand({ CrawlerNames: ["short", "none"] }),
    );
    expect(CrawlersNotFound).toEqual(["none"]);
    await at.clients.glue.send(new DeleteCrawlerCommand({ Name: "short" }));
    await expect(start("short")).rejects.toMatchObject({ name: "EntityNotFoundException" });
    await expect(at.create({ Name: "marts", DatabaseName: "x", Targets: target })).rejects.toMatchObject({
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
    await expect(at.create({ Name: "wrong", ...definition })).rejects.toMatchObject({ name });
  });
});

describe("a state machine", () => {
  test("starts a crawler and looks at it until it is ready", async () => {
    const { status, result } = await execute(at.clients.sfn, graph.machineArn("publish"), { name: "marts" });

    expect([status, result]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  test("that starts a crawler that is not there fails under Glue's name", async () => {
    const { error } = await execute(at.clients.sfn, graph.machineArn("publish"), { name: "none" });

    expect(error).toBe("Glue.EntityNotFoundException");
  });
});
