import { GetCrawlerMetricsCommand, GetTableCommand, UpdateCrawlerCommand } from "@aws-sdk/client-glue";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Crawling, crawling } from "./crawling.ts";

let at: Crawling;
beforeAll(async () => {
  at = await crawling();
});
afterAll(() => at.close());

describe("a crawler of folders", () => {
  test("infers tables, columns of all files, and partitions", async () => {
    const row = "1 AS Id, 'x' AS name, 1.5::DECIMAL(12,2) AS total, DATE '2025-01-01' AS day, true AS ok";
    await at.parquet.put(
      "lake",
      "in/Web Orders/Year=2024/a.parquet",
      `SELECT ${row}, now()::TIMESTAMP AS at`,
    );
    await at.parquet.put(
      "lake",
      "in/Web Orders/Year=2025/b.parquet",
      `SELECT ${row}, 5::BIGINT AS more, [1.5::FLOAT] AS list`,
    );
    await at.parquet.put(
      "lake",
      "in/clicks/2025/01/c.parquet",
      "SELECT 1.5 AS x, true AS yes, {'a': 1} AS s",
    );
    await at.parquet.put("lake", "in/_hidden/d.parquet", "SELECT 1 AS no");
    await at.parquet.put("lake", "in/tmp/skip/e.parquet", "SELECT 1 AS neither");
    await at.create({
      Name: "folders",
      DatabaseName: "Found",
      TablePrefix: "raw_",
      Targets: { S3Targets: [{ Path: "s3://lake/in/", Exclusions: ["tmp/**"] }] },
    });

    const { LastCrawl } = await at.crawl("folders");

    expect(LastCrawl).toMatchObject({ Status: "SUCCEEDED" });
    const [clicks, orders, ...others] = (await at.tablesOf("found")).sort((a, b) =>
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
    expect(await at.partitionsOf("found", "raw_web_orders")).toEqual([
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
    const { CrawlerMetricsList } = await at.clients.glue.send(
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
    await at.parquet.put(
      "lake",
      "grows/a.parquet",
      "SELECT 1 AS id, 1::FLOAT AS x, 1.5::DECIMAL(4,1) AS d, 1 AS t",
    );
    for (const [Name, UpdateBehavior] of crawlers) {
      await at.create({
        Name,
        DatabaseName: `grows_${Name}`,
        Targets: { S3Targets: [{ Path: "s3://lake/grows" }] },
        SchemaChangePolicy: { UpdateBehavior, DeleteBehavior: "LOG" },
      });
      await at.crawl(Name);
    }
    const wider = "1::BIGINT AS id, 1::DOUBLE AS x, 1.5::DECIMAL(6,3) AS d, 'text' AS t, 1 AS added";
    await at.parquet.put("lake", "grows/b.parquet", `SELECT ${wider}`);

    for (const [Name] of crawlers) await at.crawl(Name);

    const columns = async (DatabaseName: string) => {
      const { Table } = await at.clients.glue.send(new GetTableCommand({ DatabaseName, Name: "grows" }));
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
    await at.parquet.put("lake", `${folder}/kept/a.parquet`, "SELECT 1 AS a, 2 AS b");
    await at.parquet.put("lake", `${folder}/gone/a.parquet`, "SELECT 1 AS c");
    await at.create({
      Name: folder,
      DatabaseName: folder,
      Targets: { S3Targets: [{ Path: `s3://lake/${folder}/` }] },
      SchemaChangePolicy: { DeleteBehavior },
    });
    await at.crawl(folder);
    await at.clients.s3.send(new DeleteObjectCommand({ Bucket: "lake", Key: `${folder}/gone/a.parquet` }));
    // One folder is left: it stays a table of its own by its level.
    await at.clients.glue.send(
      new UpdateCrawlerCommand({
        Name: folder,
        Configuration: JSON.stringify({ Version: 1, Grouping: { TableLevelConfiguration: 3 } }),
      }),
    );

    await at.crawl(folder);

    const found = (await at.tablesOf(folder)).map(({ Name, Parameters }) => [
      Name,
      Parameters?.DEPRECATED_BY_CRAWLER,
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test("fails on what is not Parquet, naming it", async () => {
    await at.clients.s3.send(
      new PutObjectCommand({ Bucket: "lake", Key: "mixed/a.csv", Body: "a,b\n1,2\n" }),
    );
    await at.create({
      Name: "mixed",
      DatabaseName: "mixed",
      Targets: { S3Targets: [{ Path: "s3://lake/mixed/" }] },
    });

    const { LastCrawl } = await at.crawl("mixed");

    expect(LastCrawl).toMatchObject({
      Status: "FAILED",
      ErrorMessage: expect.stringContaining("s3://lake/mixed/a.csv"),
    });
  });

  test("reads with its role's rights only", async () => {
    await at.parquet.put("closed", "t/a.parquet", "SELECT 1 AS a");
    await at.create({
      Name: "blind",
      Role: "blind",
      DatabaseName: "closed",
      Targets: { S3Targets: [{ Path: "s3://closed/t/" }] },
    });

    const { LastCrawl, Role: shown } = await at.crawl("blind");

    expect(shown).toBe("blind");
    expect(LastCrawl).toMatchObject({
      Status: "FAILED",
      ErrorMessage: expect.stringMatching(/AWS-Crawler-blind is not authorized to perform: s3:GetObject/),
    });
  });
});
