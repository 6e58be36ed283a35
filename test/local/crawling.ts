import {
  CreateCrawlerCommand,
  type CreateCrawlerRequest,
  GetCrawlerCommand,
  GetPartitionsCommand,
  GetTablesCommand,
  StartCrawlerCommand,
} from "@aws-sdk/client-glue";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually } from "./clients.ts";
import { ParquetObjects } from "./parquet-objects.ts";
import * as graph from "./small-graph.ts";

const Role = "arn:aws:iam::000000000000:role/crawls";

/** A cloud with a table and its crawler, both `marts`, and a machine `publish` that crawls; hands to crawl by. */
export async function crawling() {
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
  const cloud = await bootCloud(
    graph.graphOf([graph.bucket("lake"), graph.bucket("closed"), sales, marts, blind, publish]),
    { root: graph.root },
  );
  const clients = clientsOf(cloud.endpoint);
  const parquet = new ParquetObjects(clients.s3);
  return {
    clients,
    parquet,

    /** Starts a crawler and waits until it is ready again. */
    async crawl(Name: string) {
      await clients.glue.send(new StartCrawlerCommand({ Name }));
      return eventually(async () => {
        const { Crawler } = await clients.glue.send(new GetCrawlerCommand({ Name }));
        return Crawler?.State === "READY" ? Crawler : undefined;
      });
    },

    create: (definition: Omit<CreateCrawlerRequest, "Role"> & { Role?: string }) =>
      clients.glue.send(new CreateCrawlerCommand({ Role, ...definition })),

    async partitionsOf(DatabaseName: string, TableName: string) {
      const { Partitions } = await clients.glue.send(new GetPartitionsCommand({ DatabaseName, TableName }));
      return Partitions?.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Location]);
    },

    tablesOf: async (DatabaseName: string) =>
      (await clients.glue.send(new GetTablesCommand({ DatabaseName }))).TableList ?? [],

    async close(): Promise<void> {
      parquet.close();
      await cloud.close();
    },
  };
}
export type Crawling = Awaited<ReturnType<typeof crawling>>;
