import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, expect, it } from "vitest";
import { dynamoTables } from "../../packages/api/src/features/dynamo-tables.ts";
import { ContractViolation, Throttled } from "../../packages/runtime/src/errors.ts";
import { busyService } from "./busy-services.ts";
import { onlineItem } from "./feature-fixtures.ts";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const { close } of open.splice(0).reverse()) close();
});

interface Asked {
  readonly RequestItems: Readonly<
    Record<string, { readonly Keys: readonly { readonly id: { S: string } }[] }>
  >;
}

const written = (id: string, more: object = {}) => ({
  id: { S: id },
  version: { N: "1" },
  as_of: { S: "2026-01-31T00:00:00Z" },
  planned_at: { S: "2026-01-31T05:00:00Z" },
  run: { S: "daily-2026-01-30-0123abcd" },
  expires_at: { N: "4102444800" },
  features: { S: '{"total_interactions":3,"favorite_category":"toys"}' },
  ...more,
});

/** The tables in a DynamoDB that processes so many keys of each request and leaves the others. */
async function tablesThatTake(keys: number, item = written) {
  const sizes: number[] = [];
  const service = await busyService("HTTP/1.1", (request) => {
    const asked: Asked = JSON.parse(request);
    const [table, { Keys }] = Object.entries(asked.RequestItems)[0] ?? expect.unreachable();
    sizes.push(Keys.length);
    const left = Keys.slice(keys);
    return [
      200,
      {
        Responses: { [table]: Keys.slice(0, keys).map(({ id }) => item(id.S)) },
        UnprocessedKeys: left.length > 0 ? { [table]: { Keys: left } } : {},
      },
    ];
  });
  const client = new DynamoDBClient(service.options);
  open.push(service, { close: () => client.destroy() });
  const waits: number[] = [];
  const tables = dynamoTables(client, { user: "users", item: "items" }, async (ms) => waits.push(ms));
  return { tables, sizes, waits };
}

it("what DynamoDB leaves unprocessed is asked for again, after waits that grow", async () => {
  const { tables, sizes, waits } = await tablesThatTake(2);

  const items = await tables.items("user", ["a", "b", "c", "d", "e"]);

  expect(items).toEqual(["a", "b", "c", "d", "e"].map((id) => onlineItem(id)));
  expect(sizes).toEqual([5, 3, 1]);
  expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
});

it("a table that stays too busy is told of before the caller has gone", async () => {
  const { tables, waits } = await tablesThatTake(0);

  await expect(tables.items("item", ["a"])).rejects.toThrow(Throttled);

  expect(waits.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(2000);
});

it("an item of another shape is a fault of ours, and no value of it is told", async () => {
  const { tables } = await tablesThatTake(1, (id) => written(id, { version: { S: "secret" } }));

  const asked = tables.items("user", ["a"]);

  await expect(asked).rejects.toThrow(ContractViolation);
  await expect(asked).rejects.not.toThrow(/secret/);
});
