import { once } from "node:events";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { expect } from "vitest";

/** The tables of products and of the store, in a DynamoDB of the test's own. */
export async function campaignTables(): Promise<{ client: DynamoDBClient; endpoint: string; close(): void }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") expect.unreachable();
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const create = (TableName: string, AttributeName: string) =>
    client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
        KeySchema: [{ AttributeName, KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  await create("products", "product_id");
  await create("cache", "key");
  return {
    client,
    endpoint,
    close() {
      client.destroy();
      server.close();
    },
  };
}
