import { GetPartitionsCommand, GetTableCommand } from "@aws-sdk/client-glue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { many } from "./feature-rows.ts";
import { type FeatureRun, featureRun } from "./feature-run.ts";

let run: FeatureRun;
beforeAll(async () => {
  run = await featureRun();
});
afterAll(() => run[Symbol.asyncDispose]());

const wanted = (snapshot: string, days: number, attempt = snapshot) =>
  many(days, (number) => {
    const day = new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
    return { values: [snapshot, day], location: `s3://features/clean/${attempt}/interactions/day=${day}/` };
  });

test("more partitions than a call takes are registered, each where it is said, and once more changes nothing", async () => {
  const { catalogue } = run.ports;
  await catalogue.register("clean_interactions", wanted("one", 230));
  const before = await catalogue.partitions("clean_interactions", "one");

  await catalogue.register("clean_interactions", wanted("one", 230));

  expect(before).toHaveLength(230);
  expect(before[7]).toMatchObject(wanted("one", 230)[7] ?? {});
  expect(await catalogue.partitions("clean_interactions", "one")).toEqual(before);
});

test("a partition that is to lie elsewhere is moved, the others stay", async () => {
  const { catalogue } = run.ports;
  await catalogue.register("clean_interactions", wanted("moved", 3));

  const [, second] = wanted("moved", 3, "another");
  await catalogue.register("clean_interactions", second === undefined ? [] : [second]);

  const found = await catalogue.partitions("clean_interactions", "moved");
  expect(found.map(({ location }) => /clean\/(\w+)\//.exec(location)?.[1]).toSorted()).toEqual([
    "another",
    "moved",
    "moved",
  ]);
});

test("more partitions than a call takes are removed, and those of other snapshots stay", async () => {
  const { catalogue } = run.ports;
  await catalogue.register("clean_interactions", [...wanted("gone", 60), ...wanted("stays", 2)]);

  await catalogue.remove("clean_interactions", [
    ["gone", "1999-01-01"],
    ...wanted("gone", 60).map(({ values }) => values),
  ]);

  expect(await catalogue.partitions("clean_interactions", "gone")).toEqual([]);
  expect(await catalogue.partitions("clean_interactions", "stays")).toHaveLength(2);
});

test("a partition has the columns and formats of its table, without which Athena reads nothing of it", async () => {
  await run.ports.catalogue.register("clean_users", [
    { values: ["one"], location: "s3://features/clean/one/users/" },
  ]);

  const { Partitions = [] } = await run.clients.glue.send(
    new GetPartitionsCommand({ DatabaseName: "features", TableName: "clean_users" }),
  );
  expect(Partitions[0]?.StorageDescriptor).toMatchObject({
    Columns: expect.arrayContaining([{ Name: "user_id", Type: "string" }]),
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    SerdeInfo: { SerializationLibrary: expect.stringContaining("ParquetHiveSerDe") },
  });
});

test("parameters are added to a table's own, which keeps its columns, keys and place", async () => {
  const read = async () =>
    (await run.clients.glue.send(new GetTableCommand({ DatabaseName: "features", Name: "user_features" })))
      .Table;
  const before = await read();

  await run.ports.catalogue.annotate("user_features", { "penstock.attempt": "a" });

  const after = await read();
  expect(after?.Parameters).toEqual({ ...before?.Parameters, "penstock.attempt": "a" });
  expect(after?.StorageDescriptor).toEqual(before?.StorageDescriptor);
  expect(after?.PartitionKeys).toEqual(before?.PartitionKeys);
});

test("a table that nobody has declared is named", async () => {
  const refused = run.ports.catalogue.register("nowhere", [{ values: ["a"], location: "s3://features/a/" }]);

  await expect(refused).rejects.toMatchObject({
    name: "ObjectMissing",
    message: expect.stringContaining("features.nowhere"),
  });
});
