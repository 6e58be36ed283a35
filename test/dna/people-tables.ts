import { once } from "node:events";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { expect } from "vitest";
import type { PeopleTables } from "../../packages/dna/src/people/index.ts";

/** The two tables in a DynamoDB of the test's own. */
export async function peopleTables(): Promise<{
  client: DynamoDBClient;
  tables: PeopleTables;
  close(): void;
}> {
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
  const create = (TableName: string, ...keys: readonly string[]) =>
    client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? "HASH" : "RANGE" })),
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  await create("people", "id");
  await create("files", "user", "file");
  return {
    client,
    tables: { people: "people", files: "files" },
    close() {
      client.destroy();
      server.close();
    },
  };
}
