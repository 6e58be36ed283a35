import { once } from "node:events";
import type { Server } from "node:http";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoLeases, type Leases, memoryLeases } from "@penstock/runtime";
import dynalite from "dynalite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: Server;
let client: DynamoDBClient;
let now = 1_750_000_000_000;
const kinds = new Map<string, Leases>();

beforeAll(async () => {
  server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") expect.unreachable();
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: "locks",
      AttributeDefinitions: [{ AttributeName: "name", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "name", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  kinds.set(
    "DynamoDB",
    dynamoLeases(client, "locks", () => now),
  );
  kinds.set(
    "memory",
    memoryLeases(() => now),
  );
});

afterAll(() => {
  client.destroy();
  server.close();
});

describe.each(["DynamoDB", "memory"])("leases in %s", (kind) => {
  const leases = (): Leases => kinds.get(kind) ?? expect.unreachable();

  test("are held by one owner at a time", async () => {
    expect(await leases().acquire("one", "a", 60)).toBe(true);
    expect(await leases().acquire("one", "b", 60)).toBe(false);
    expect(await leases().acquire("another", "b", 60)).toBe(true);
  });

  test("come back to the owner that asks again", async () => {
    await leases().acquire("again", "a", 60);

    expect(await leases().acquire("again", "a", 60)).toBe(true);
  });

  test("are free for others once released", async () => {
    await leases().acquire("released", "a", 60);
    await leases().release("released", "a");

    expect(await leases().acquire("released", "b", 60)).toBe(true);
  });

  test("are not released by another", async () => {
    await leases().acquire("kept", "a", 60);
    await leases().release("kept", "b");

    expect(await leases().acquire("kept", "b", 60)).toBe(false);
  });

  test("are free for others once they have run out, and then lost to the first owner", async () => {
    await leases().acquire("run out", "a", 60);
    now += 60_000;

    expect(await leases().acquire("run out", "b", 60)).toBe(true);
    await leases().release("run out", "a");
    expect(await leases().acquire("run out", "a", 60)).toBe(false);
  });

  test("go to exactly one of many that ask at once", async () => {
    const owners = Array.from({ length: 20 }, (_, index) => `owner-${index}`);

    const answers = await Promise.all(owners.map((owner) => leases().acquire("contested", owner, 60)));

    expect(answers.filter(Boolean)).toHaveLength(1);
  });
});

test("leases in a table that is not there fail under a name", async () => {
  await expect(dynamoLeases(client, "no-such-table").acquire("a", "b", 1)).rejects.toMatchObject({
    name: "Unexpected",
    message: expect.stringContaining("ResourceNotFoundException"),
  });
});
