import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchDeleteTableCommand,
  BatchGetPartitionCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  type GlueClient,
  UpdateDatabaseCommand,
  UpdatePartitionCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, execute } from "./clients.ts";
import * as graph from "./small-graph.ts";

let cloud: Cloud;
let glue: GlueClient;
let sfn: ReturnType<typeof clientsOf>["sfn"];

const missing = { name: "EntityNotFoundException" };
const exists = { name: "AlreadyExistsException" };
const wrong = { name: "InvalidInputException" };
const sales = { DatabaseName: "shop", TableName: "sales" };

async function valuesOf(more: object = {}, place: { DatabaseName: string; TableName: string } = sales) {
  const { Partitions } = await glue.send(new GetPartitionsCommand({ ...place, ...more }));
  return Partitions?.map(({ Values }) => Values?.join("/"));
}

beforeAll(async () => {
  const database = graph.resource("aws:glue/catalogDatabase:CatalogDatabase", "shop", {
    name: "shop",
    description: "What is sold",
    locationUri: "s3://lake/",
  });
  const declared = graph.resource("aws:glue/catalogTable:CatalogTable", "declared", {
    name: "declared",
    databaseName: "shop",
    description: "From the program",
    tableType: "EXTERNAL_TABLE",
    parameters: { classification: "parquet" },
    partitionKeys: [{ name: "day", type: "string", comment: "of arrival" }],
    storageDescriptor: {
      location: "s3://lake/declared/",
      columns: [{ name: "id", type: "bigint", comment: "its key" }],
      inputFormat: "in",
      outputFormat: "out",
      serDeInfo: { serializationLibrary: "serde" },
    },
  });
  const reads = graph.role("reads", [
    {
      Effect: "Allow",
      Action: ["glue:GetTable", "glue:GetPartitions", "states:*"],
      Resource: ["catalog", "database/shop", "table/shop/declared"].map(
        (name) => `arn:aws:glue:us-east-1:000000000000:${name}`,
      ),
    },
  ]);
  const as = (name: string) => ({
    ...graph.machine(name, {
      StartAt: "Call",
      States: {
        Call: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:glue:getTable",
          Arguments: { DatabaseName: "shop", Name: "{% $states.input.table %}" },
          Output: "{% $states.result.Table.Name %}",
          End: true,
        },
      },
    }),
  });
  const reader = as("reader");
  const inputs = { ...reader.inputs, roleArn: "arn:aws:iam::000000000000:role/reads" };
  cloud = await bootCloud(
    graph.graphOf([database, declared, reads, { ...reader, inputs, state: { ...reader.state, ...inputs } }]),
    { root: graph.root },
  );
  ({ glue, sfn } = clientsOf(cloud.endpoint));
  await glue.send(
    new CreateTableCommand({
      DatabaseName: "shop",
      TableInput: {
        Name: "Sales",
        PartitionKeys: [
          { Name: "year", Type: "int" },
          { Name: "region", Type: "string" },
        ],
        StorageDescriptor: { Columns: [{ Name: "id", Type: "bigint" }], Location: "s3://lake/sales/" },
      },
    }),
  );
  const Values = [
    ["2023", "north"],
    ["2024", "north"],
    ["2024", "south"],
    ["99", "it's"],
    ["2025", "__HIVE_DEFAULT_PARTITION__"],
  ];
  await glue.send(
    new BatchCreatePartitionCommand({
      ...sales,
      PartitionInputList: Values.map((each) => ({
        Values: each,
        StorageDescriptor: {
          Columns: [{ Name: "id", Type: "bigint" }],
          Location: `s3://lake/${each.join("/")}`,
        },
      })),
    }),
  );
});
afterAll(() => cloud.close());

describe("the catalogue", () => {
  test("begins with what the program declares", async () => {
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: "SHOP" }));
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: "shop", Name: "Declared" }));

    expect(Database).toMatchObject({ Name: "shop", Description: "What is sold", LocationUri: "s3://lake/" });
    expect(Database?.CreateTime).toBeInstanceOf(Date);
    expect(Table).toMatchObject({
      Name: "declared",
      DatabaseName: "shop",
      Description: "From the program",
      TableType: "EXTERNAL_TABLE",
      Parameters: { classification: "parquet" },
      PartitionKeys: [{ Name: "day", Type: "string", Comment: "of arrival" }],
      StorageDescriptor: {
        Location: "s3://lake/declared/",
        Columns: [{ Name: "id", Type: "bigint", Comment: "its key" }],
        InputFormat: "in",
        OutputFormat: "out",
        SerdeInfo: { SerializationLibrary: "serde" },
      },
    });
  });

  test("makes, changes, lists and takes away databases", async () => {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "Other" } }));

    await glue.send(
      new UpdateDatabaseCommand({ Name: "other", DatabaseInput: { Name: "other", Description: "new" } }),
    );

    const first = await glue.send(new GetDatabasesCommand({ MaxResults: 1 }));
    const rest = await glue.send(new GetDatabasesCommand({ NextToken: first.NextToken }));
    expect([first, rest].map(({ DatabaseList }) => DatabaseList?.map(({ Name }) => Name))).toEqual([
      ["shop"],
      ["other"],
    ]);
    expect(rest.DatabaseList?.[0]?.Description).toBe("new");
    await expect(
      glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "OTHER" } })),
    ).rejects.toMatchObject({ ...exists, message: "Database already exists." });
    await glue.send(new DeleteDatabaseCommand({ Name: "other" }));
    await expect(glue.send(new GetDatabaseCommand({ Name: "other" }))).rejects.toMatchObject({
      ...missing,
      message: "Database other not found.",
    });
  });

  test("makes, changes, lists and takes away tables", async () => {
    for (const Name of ["a1", "a2", "b1"])
      await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput: { Name } }));

    await glue.send(
      new UpdateTableCommand({ DatabaseName: "shop", TableInput: { Name: "A1", Description: "new" } }),
    );

    const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: "shop", Expression: "a.*" }));
    expect(TableList).toMatchObject([
      { Name: "a1", Description: "new", VersionId: "1" },
      { Name: "a2", VersionId: "0" },
    ]);
    await expect(
      glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput: { Name: "b1" } })),
    ).rejects.toMatchObject(exists);
    const { Errors } = await glue.send(
      new BatchDeleteTableCommand({ DatabaseName: "shop", TablesToDelete: ["a1", "none"] }),
    );
    expect(Errors).toMatchObject([
      {
        TableName: "none",
        ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: "Table none not found." },
      },
    ]);
    await glue.send(new DeleteTableCommand({ DatabaseName: "shop", Name: "a2" }));
    await expect(
      glue.send(new DeleteTableCommand({ DatabaseName: "shop", Name: "a2" })),
    ).rejects.toMatchObject(missing);
  });
});

describe("partitions", () => {
  test.each([
    ["", ["2023/north", "2024/north", "2024/south", "99/it's", "2025/__HIVE_DEFAULT_PARTITION__"]],
    ["year = 2024 AND region = 'south'", ["2024/south"]],
    ["year > 99 and year <= '2023'", ["2023/north"]],
    ["(year = 2023 OR year = 99) AND NOT region = 'north'", ["99/it's"]],
    ["region = 'it''s'", ["99/it's"]],
    ["region IN ('south', 'it''s')", ["2024/south", "99/it's"]],
    ["region NOT IN ('south', 'north')", ["99/it's"]],
    ["region LIKE '%out_'", ["2024/south"]],
    ["year BETWEEN 2024 AND 2025", ["2024/north", "2024/south", "2025/__HIVE_DEFAULT_PARTITION__"]],
    ["region IS NULL", ["2025/__HIVE_DEFAULT_PARTITION__"]],
    ["region IS NOT NULL AND region <> 'north'", ["2024/south", "99/it's"]],
  ])("are found by %s", async (Expression, expected) => {
    expect(await valuesOf({ Expression })).toEqual(expected);
  });

  test.each([
    "year",
    "other = 1",
    "year = 1 OR",
    "year = (SELECT 1)",
    "year = 1)",
    "lower(region) = 'a'",
    "; x",
  ])("are not found by %s", async (Expression) => {
    await expect(valuesOf({ Expression })).rejects.toMatchObject({
      ...wrong,
      message: `Unsupported expression '${Expression}'`,
    });
  });

  test("come in pages and segments, without their columns where nobody wants them", async () => {
    const first = await glue.send(
      new GetPartitionsCommand({ ...sales, MaxResults: 2, ExcludeColumnSchema: true }),
    );
    const { NextToken } = first;

    expect(first.Partitions?.[0]).toMatchObject({
      DatabaseName: "shop",
      TableName: "sales",
      StorageDescriptor: { Location: "s3://lake/2023/north" },
    });
    expect(first.Partitions?.[0]?.StorageDescriptor?.Columns).toBeUndefined();
    expect(await valuesOf({ NextToken })).toHaveLength(3);
    expect(await valuesOf({ Segment: { SegmentNumber: 1, TotalSegments: 2 } })).toEqual([
      "2024/north",
      "99/it's",
    ]);
    await expect(valuesOf({ NextToken: "x" })).rejects.toMatchObject(wrong);
    await expect(valuesOf({ MaxResults: 1001 })).rejects.toBeInstanceOf(Error);
  });

  test("are made, changed, got and taken away, one or many", async () => {
    const place = { DatabaseName: "shop", TableName: "declared" };
    const input = (day: string, Location = "s3://x/") => ({
      Values: [day],
      StorageDescriptor: { Columns: [], Location },
    });
    await glue.send(new CreatePartitionCommand({ ...place, PartitionInput: input("1") }));
    const { Errors } = await glue.send(
      new BatchCreatePartitionCommand({ ...place, PartitionInputList: [input("1"), input("2"), input("3")] }),
    );

    await glue.send(
      new UpdatePartitionCommand({
        ...place,
        PartitionValueList: ["2"],
        PartitionInput: input("4", "s3://y/"),
      }),
    );

    expect(Errors).toMatchObject([
      { PartitionValues: ["1"], ErrorDetail: { ErrorCode: "AlreadyExistsException" } },
    ]);
    const got = await glue.send(new GetPartitionCommand({ ...place, PartitionValues: ["4"] }));
    expect(got.Partition?.StorageDescriptor?.Location).toBe("s3://y/");
    const batch = await glue.send(
      new BatchGetPartitionCommand({ ...place, PartitionsToGet: [{ Values: ["4"] }, { Values: ["2"] }] }),
    );
    expect(batch.Partitions?.map(({ Values }) => Values)).toEqual([["4"]]);
    await glue.send(new DeletePartitionCommand({ ...place, PartitionValues: ["4"] }));
    const deleted = await glue.send(
      new BatchDeletePartitionCommand({
        ...place,
        PartitionsToDelete: [{ Values: ["1"] }, { Values: ["4"] }],
      }),
    );
    expect(deleted.Errors).toMatchObject([
      { PartitionValues: ["4"], ErrorDetail: { ErrorCode: "EntityNotFoundException" } },
    ]);
    expect(await valuesOf({}, place)).toEqual(["3"]);
    await expect(
      glue.send(new GetPartitionCommand({ ...place, PartitionValues: ["4"] })),
    ).rejects.toMatchObject({ ...missing, message: "Cannot find partition." });
    await expect(
      glue.send(new CreatePartitionCommand({ ...place, PartitionInput: { Values: ["1", "2"] } })),
    ).rejects.toMatchObject(wrong);
    await expect(valuesOf({}, { DatabaseName: "shop", TableName: "none" })).rejects.toMatchObject(missing);
  });
});

describe("the permission to read a table", () => {
  const read = (table: string) => execute(sfn, graph.machineArn("reader"), { table });

  test("is one for the catalogue, its database and itself", async () => {
    expect(await read("declared")).toMatchObject({ status: "SUCCEEDED", result: "declared" });
  });

  test("is refused for another table, by its ARN", async () => {
    const { error, cause } = await read("sales");

    expect(error).toBe("Glue.AccessDeniedException");
    expect(cause).toContain(
      "glue:GetTable on resource: arn:aws:glue:us-east-1:000000000000:table/shop/sales",
    );
  });
});
