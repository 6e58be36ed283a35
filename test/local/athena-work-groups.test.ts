import {
  BatchGetQueryExecutionCommand,
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListQueryExecutionsCommand,
  ListWorkGroupsCommand,
  UpdateWorkGroupCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { query } from "./athena-queries.ts";
import { clientsOf, execute } from "./clients.ts";
import { ParquetObjects } from "./parquet-objects.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let parquet: ParquetObjects;
let athena: ReturnType<typeof clientsOf>["athena"];

const wrong = { name: "InvalidRequestException" };

beforeAll(async () => {
  const events = graph.resource("aws:glue/catalogTable:CatalogTable", "events", {
    name: "events",
    databaseName: "shop",
    storageDescriptor: {
      location: "s3://lake/events/",
      columns: [
        { name: "id", type: "bigint" },
        { name: "text", type: "string" },
      ],
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    },
  });
  const capped = graph.resource("aws:athena/workgroup:Workgroup", "capped", {
    name: "capped",
    description: "cheap",
    configuration: {
      bytesScannedCutoffPerQuery: 10_000_000,
      enforceWorkgroupConfiguration: true,
      resultConfiguration: { outputLocation: "s3://results/capped/" },
    },
  });
  const machine = graph.machine("ask", {
    StartAt: "Ask",
    States: {
      Ask: {
        Type: "Task",
        Resource: "arn:aws:states:::athena:startQueryExecution.sync",
        Arguments: { QueryString: "SELECT text FROM shop.events", WorkGroup: "capped" },
        End: true,
      },
    },
  });
  cloud = await bootCloud(
    graph.graphOf([...["lake", "results"].map(graph.bucket), events, capped, machine]),
    { root: graph.root },
  );
  clients = clientsOf(cloud.endpoint);
  athena = clients.athena;
  parquet = new ParquetObjects(clients.s3);
  await parquet.put(
    "lake",
    "events/a.parquet",
    "SELECT range::BIGINT AS id, md5(range::VARCHAR) || md5((range + 0.5)::VARCHAR) AS text FROM range(250000)",
  );
});
afterAll(async () => {
  parquet.close();
  await cloud.close();
});

const group = async (WorkGroup: string) =>
  (await athena.send(new GetWorkGroupCommand({ WorkGroup }))).WorkGroup;

describe("a workgroup with a cut-off", () => {
  test("cancels a query that would read more, in AWS's words, and counts what it may have read", async () => {
    const { Status, Statistics, QueryExecutionId } = await query(athena, "SELECT text FROM events", {
      WorkGroup: "capped",
    });

    expect(Status).toMatchObject({
      State: "CANCELLED",
      StateChangeReason: "Bytes scanned limit was exceeded",
    });
    expect(Statistics?.DataScannedInBytes).toBe(10_000_000);
    await expect(athena.send(new GetQueryResultsCommand({ QueryExecutionId }))).rejects.toMatchObject({
      ...wrong,
      message: "Query did not finish successfully. Final query state: CANCELLED",
    });
  });

  test("lets a query through that reads less of the same table; its own place of results is enforced", async () => {
    const { Status, ResultConfiguration } = await query(athena, "SELECT sum(id) AS s FROM events", {
      WorkGroup: "capped",
    });

    expect(Status?.State).toBe("SUCCEEDED");
    expect(ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/results\/capped\//);
  });

  test("fails the state of a machine that waits for the query", async () => {
    const { error, cause } = await execute(clients.sfn, graph.machineArn("ask"));

    expect(error).toBe("States.TaskFailed");
    expect(JSON.parse(cause ?? "")).toMatchObject({
      QueryExecution: {
        Status: { State: "CANCELLED", StateChangeReason: "Bytes scanned limit was exceeded" },
      },
    });
  });
});

describe("workgroups over the API", () => {
  test("begin with the program's and the account's own", async () => {
    const { WorkGroups } = await athena.send(new ListWorkGroupsCommand({}));

    expect(WorkGroups?.slice(0, 2)).toMatchObject([
      { Name: "primary", State: "ENABLED" },
      { Name: "capped", State: "ENABLED", Description: "cheap" },
    ]);
    expect(await group("capped")).toMatchObject({
      Configuration: {
        BytesScannedCutoffPerQuery: 10_000_000,
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: { OutputLocation: "s3://results/capped/" },
      },
    });
  });

  test("are made, changed and taken away", async () => {
    await athena.send(
      new CreateWorkGroupCommand({
        Name: "team",
        Configuration: {
          EnforceWorkGroupConfiguration: false,
          BytesScannedCutoffPerQuery: 20_000_000,
          ResultConfiguration: { OutputLocation: "s3://results/team/" },
        },
      }),
    );
    const own = await query(athena, "SELECT text FROM events", { WorkGroup: "team" });

    await athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: "team",
        Description: "of analysts",
        ConfigurationUpdates: {
          RemoveBytesScannedCutoffPerQuery: true,
          ResultConfigurationUpdates: { OutputLocation: "s3://results/other/" },
        },
      }),
    );

    expect(own.ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/results\/queries\//);
    const changed = await group("team");
    expect(changed).toMatchObject({
      Description: "of analysts",
      Configuration: {
        EnforceWorkGroupConfiguration: false,
        ResultConfiguration: { OutputLocation: "s3://results/other/" },
      },
    });
    expect(changed?.Configuration).not.toHaveProperty("BytesScannedCutoffPerQuery");
    await athena.send(new UpdateWorkGroupCommand({ WorkGroup: "team", State: "DISABLED" }));
    await expect(query(athena, "SELECT 1 AS a", { WorkGroup: "team" })).rejects.toMatchObject(wrong);
    await athena.send(new DeleteWorkGroupCommand({ WorkGroup: "team" }));
    await expect(group("team")).rejects.toMatchObject({ ...wrong, message: "WorkGroup team is not found." });
  });

  test.each([
    ["a name that is taken", new CreateWorkGroupCommand({ Name: "capped" })],
    [
      "a cut-off below AWS's least",
      new CreateWorkGroupCommand({ Name: "x", Configuration: { BytesScannedCutoffPerQuery: 9_999_999 } }),
    ],
    [
      "a place that is none",
      new CreateWorkGroupCommand({
        Name: "x",
        Configuration: { ResultConfiguration: { OutputLocation: "results" } },
      }),
    ],
  ])("refuse %s", async (_, command) => {
    await expect(athena.send(command)).rejects.toMatchObject(wrong);
  });

  test("never lose the account's own", async () => {
    await expect(athena.send(new DeleteWorkGroupCommand({ WorkGroup: "primary" }))).rejects.toMatchObject(
      wrong,
    );
  });
});

test("executions are listed by workgroup, the newest first, and got many at a time", async () => {
  await athena.send(new CreateWorkGroupCommand({ Name: "listed" }));
  const ids: (string | undefined)[] = [];
  for (const n of [1, 2, 3])
    ids.push((await query(athena, `SELECT ${n} AS n`, { WorkGroup: "listed" })).QueryExecutionId);

  const first = await athena.send(new ListQueryExecutionsCommand({ WorkGroup: "listed", MaxResults: 2 }));
  const rest = await athena.send(
    new ListQueryExecutionsCommand({ WorkGroup: "listed", NextToken: first.NextToken }),
  );

  expect([...(first.QueryExecutionIds ?? []), ...(rest.QueryExecutionIds ?? [])]).toEqual(ids.reverse());
  expect(first.QueryExecutionIds).toHaveLength(2);
  const none = "00000000-0000-0000-0000-000000000000";
  const { QueryExecutions, UnprocessedQueryExecutionIds } = await athena.send(
    new BatchGetQueryExecutionCommand({ QueryExecutionIds: [ids[0] ?? "", none] }),
  );
  expect(QueryExecutions).toMatchObject([{ QueryExecutionId: ids[0], Query: "SELECT 3 AS n" }]);
  expect(UnprocessedQueryExecutionIds).toMatchObject([{ QueryExecutionId: none }]);
});
