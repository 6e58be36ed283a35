import { once } from "node:events";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { expect } from "vitest";

/** Tables with one key each, in a DynamoDB of the test's own. */
export async function tablesWith(
  keys: Readonly<Record<string, string>>,
): Promise<{ client: DynamoDBClient; close(): void }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") expect.unreachable();
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  for (const [TableName, AttributeName] of Object.entries(keys))
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
        KeySchema: [{ AttributeName, KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  return {
    client,
    close() {
      client.destroy();
      server.close();
    },
  };
}
