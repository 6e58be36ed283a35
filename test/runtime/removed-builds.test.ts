import { BatchCreatePartitionCommand, CreateTableCommand, GetPartitionsCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { glueCatalogue, removeSuperseded, s3ObjectStore } from "@penstock/runtime";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

const build = (day: number) => `2026110${day}T000000Z-00000${day}`;
/** More partitions than Glue deletes with one call. */
const months = Array.from(
  { length: 30 },
  (_, month) => `20${10 + Math.floor(month / 12)}-${(month % 12) + 1}`,
);

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let store: ReturnType<typeof s3ObjectStore>;
let TableName: string;

/** Removes what is superseded when the build of a day is about to be written. */
const before = (day: number, read: readonly string[] = []) =>
  removeSuperseded(
    {
      bucket: "builds",
      tables: [TableName],
      headsPrefix: "_builds/",
      headsOf: (name) => [`_builds/${name}.json`],
    },
    { build: build(day), read, keepBuilds: 2 },
    { store, catalogue: glueCatalogue(clients.glue, "shop") },
  );

async function catalogue(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const PartitionInputList = months.map((month) => ({
      Values: [name, month],
      StorageDescriptor: { Location: `s3://builds/${TableName}/build=${name}/month=${month}/` },
    }));
    await clients.glue.send(
      new BatchCreatePartitionCommand({ DatabaseName: "shop", TableName, PartitionInputList }),
    );
  }
}

/** Partitions of the table by build. */
async function partitions(): Promise<Record<string, number>> {
  const found = await clients.glue.send(new GetPartitionsCommand({ DatabaseName: "shop", TableName }));
  const counted: Record<string, number> = {};
  for (const { Values: [name = ""] = [] } of found.Partitions ?? []) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}

beforeAll(async () => {
  const database = graph.resource("aws:glue/catalogDatabase:CatalogDatabase", "shop", { name: "shop" });
  cloud = await bootCloud(graph.graphOf([database, graph.bucket("builds")]), { root: graph.root });
  clients = clientsOf(cloud.endpoint);
  store = s3ObjectStore(clients.s3);
});
afterAll(() => cloud.close());

let tables = 0;
beforeEach(async () => {
  TableName = `sales_${tables++}`;
  await clients.glue.send(
    new CreateTableCommand({
      DatabaseName: "shop",
      TableInput: {
        Name: TableName,
        PartitionKeys: ["build", "month"].map((Name) => ({ Name, Type: "string" })),
      },
    }),
  );
  for await (const { uri } of store.list("s3://builds/")) await store.remove(uri);
  for (const day of [1, 2, 3, 4]) {
    const Bucket = "builds";
    const rows = `${TableName}/build=${build(day)}/month=2010-1/part-0.parquet`;
    for (const Key of [rows, `_builds/${build(day)}.json`])
      await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}" }));
  }
  await catalogue([1, 2, 3, 4].map(build));
});

test("the partitions of removed builds go with their objects, those of the builds that stay do not", async () => {
  await before(5);

  expect(await partitions()).toEqual({ [build(3)]: 30, [build(4)]: 30 });
  const left: string[] = [];
  for await (const { uri } of store.list(`s3://builds/${TableName}/`)) left.push(uri);
  expect(left.map((uri) => /build=([^/]+)/.exec(uri)?.[1]).toSorted()).toEqual([build(3), build(4)]);
});

test("a build that is read keeps its partitions, however old", async () => {
  await before(5, [build(1)]);

  expect(await partitions()).toEqual({ [build(1)]: 30, [build(3)]: 30, [build(4)]: 30 });
});

test("partitions that a late crawl has added of a build that is gone go the next time", async () => {
  await before(5);
  await catalogue([build(2)]);

  await before(5);

  expect(await partitions()).toEqual({ [build(3)]: 30, [build(4)]: 30 });
});

test("partitions of later builds stay", async () => {
  await before(4);

  expect(await partitions()).toEqual({ [build(2)]: 30, [build(3)]: 30, [build(4)]: 30 });
});

test("a catalogue that does not know the table fails what would remove builds", async () => {
  const catalogue = glueCatalogue(clients.glue, "elsewhere");

  const refused = catalogue.removePartitions(TableName, { before: build(3), read: [] });

  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining("elsewhere.sales") });
});
