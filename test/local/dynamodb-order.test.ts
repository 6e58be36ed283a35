import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BothDynamos, bothDynamos, puts } from "./both-dynamos.ts";

let both: BothDynamos;
const ask: BothDynamos["ask"] = (action, parameters) => both.ask(action, parameters);
beforeAll(async () => {
  both = await bothDynamos();
});
afterAll(() => both[Symbol.asyncDispose]());

describe("items are found in the order of their keys", () => {
  const TableName = "events";
  beforeAll(async () => {
    await both.table(TableName, {
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "N" },
        { AttributeName: "kind", AttributeType: "S" },
        { AttributeName: "size", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-kind",
          KeySchema: [
            { AttributeName: "kind", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-size",
          KeySchema: [
            { AttributeName: "id", KeyType: "HASH" },
            { AttributeName: "size", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
    for (const id of ["a", "b"]) {
      const items = Array.from({ length: 20 }, (_, number) => ({
        id: { S: id },
        at: { N: String((number * 7) % 20 === 3 ? -3.5 : (number * 7) % 20) },
        size: { N: String(number % 4) },
        ...(number % 3 === 0 && { kind: { S: `kind-${number % 2}` } }),
      }));
      await ask("BatchWriteItem", { RequestItems: { [TableName]: puts(...items) } });
    }
    // One that went and came again, one that went, one that was replaced.
    const key = (at: string) => ({ id: { S: "a" }, at: { N: at } });
    await ask("Scan", { TableName });
    for (const at of ["5", "6"]) await ask("DeleteItem", { TableName, Key: key(at) });
    await ask("PutItem", { TableName, Item: key("5") });
    await ask("PutItem", { TableName, Item: { ...key("9"), kind: { S: "kind-1" } } });
  });

  const of = (id: string, more: object = {}) => ({
    TableName,
    KeyConditionExpression: "id = :id",
    ExpressionAttributeValues: { ":id": { S: id } },
    ...more,
  });
  const between = (condition: string, ...bounds: string[]) => ({
    KeyConditionExpression: `id = :id AND ${condition}`,
    ExpressionAttributeNames: { "#at": "at" },
    ExpressionAttributeValues: {
      ":id": { S: "a" },
      ...Object.fromEntries(bounds.map((bound, number) => [`:${"xy".charAt(number)}`, { N: bound }])),
    },
  });
  const queries: readonly [string, object][] = [
    ["all of a key", of("a")],
    ["backwards", of("a", { ScanIndexForward: false })],
    ["the last three", of("a", { ScanIndexForward: false, Limit: 3 })],
    ["of a key that is not there", of("c")],
    ["equal", of("a", between("#at = :x", "-3.5"))],
    ["less", of("a", between("#at < :x", "5"))],
    ["at most, backwards", of("a", { ...between("#at <= :x", "5"), ScanIndexForward: false })],
    ["more", of("a", between("#at > :x", "5"))],
    ["at least", of("a", between("#at >= :x", "5"))],
    ["between", of("a", between("#at BETWEEN :x AND :y", "-4", "7"))],
    ["filtered and counted", of("b", { FilterExpression: "attribute_exists(kind)", Select: "COUNT" })],
    [
      "by a global index",
      {
        TableName,
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": { S: "kind-1" } },
      },
    ],
    ["by a local index", of("b", { IndexName: "by-size", ReturnConsumedCapacity: "INDEXES" })],
  ];
  test.each(queries)("%s", async (_, parameters) => {
    expect((await ask("Query", parameters)).status).toBe(200);
  });

  test.each([
    ["Query", of("a")],
    ["Query", of("b", { ScanIndexForward: false })],
    ["Scan", { TableName }],
  ])("page by page: %s %o", async (action, parameters) => {
    const pages: unknown[] = [];

    for (let next: object = {}; ; ) {
      const { body } = await ask(action, { ...parameters, Limit: 7, ...next });
      pages.push(body);
      if (typeof body !== "object" || body === null || !("LastEvaluatedKey" in body)) break;
      next = { ExclusiveStartKey: body.LastEvaluatedKey };
    }

    expect(pages.length).toBeGreaterThan(2);
  });

  test("a scan ends at a megabyte and goes on after it", async () => {
    await both.table("large");
    for (let at = 0; at < 8; at++)
      await ask("PutItem", {
        TableName: "large",
        Item: { id: { S: `l-${at}` }, t: { S: "x".repeat(200_000) } },
      });

    const first = await ask("Scan", { TableName: "large", ProjectionExpression: "id" });

    expect(first.body).toHaveProperty("LastEvaluatedKey");
    if (typeof first.body !== "object" || first.body === null || !("LastEvaluatedKey" in first.body))
      expect.unreachable();
    await ask("Scan", {
      TableName: "large",
      ProjectionExpression: "id",
      ExclusiveStartKey: first.body.LastEvaluatedKey,
    });
  });
});

test("tables are listed, tagged, changed and deleted alike, and a new one of the name is empty", async () => {
  await both.table("short-lived");
  const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/short-lived";
  await ask("BatchWriteItem", {
    RequestItems: { "short-lived": puts(...["a", "b", "c"].map((id) => ({ id: { S: id } }))) },
  });

  await ask("ListTables", {});
  await ask("ListTables", { Limit: 1, ExclusiveStartTableName: "events" });
  await ask("TagResource", {
    ResourceArn,
    Tags: [
      { Key: "b", Value: "2" },
      { Key: "a", Value: "1" },
    ],
  });
  await ask("ListTagsOfResource", { ResourceArn });
  await ask("UntagResource", { ResourceArn, TagKeys: ["b"] });
  const tags = await ask("ListTagsOfResource", { ResourceArn });
  const again = await ask("CreateTable", {
    TableName: "short-lived",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  await ask("UpdateTable", {
    TableName: "short-lived",
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  });
  await ask("DeleteTable", { TableName: "short-lived" });
  await both.settled("short-lived");
  await ask("DescribeTable", { TableName: "short-lived" });
  await ask("BatchWriteItem", { RequestItems: { "short-lived": puts({ id: { S: "a" } }) } });
  await both.table("short-lived");

  expect(tags.body).toEqual({ Tags: [{ Key: "a", Value: "1" }] });
  expect(again.body).toHaveProperty("__type", expect.stringContaining("ResourceInUseException"));
  expect((await ask("Scan", { TableName: "short-lived" })).body).toHaveProperty("Count", 0);
});
