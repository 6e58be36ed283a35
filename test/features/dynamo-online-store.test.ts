import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { dynamoOnlineStore } from "../../packages/features/src/tasks/dynamo-online-store.ts";
import { many } from "./feature-rows.ts";

const online = (number: number) => ({
  id: `u-${number}`,
  version: 1,
  as_of: "2026-11-21T00:00:00Z",
  planned_at: "2026-11-21T05:00:00Z",
  run: "daily-2026-11-20-0123abcd",
  expires_at: 1_800_000_000,
  features: { recency_days: number },
});

type Request = { readonly PutRequest: { readonly Item: { readonly id: { readonly S: string } } } };
interface Sent {
  readonly input: {
    readonly RequestItems: Readonly<Record<string, readonly Request[] & { Keys?: { id: { S: string } }[] }>>;
  };
}

/** DynamoDB under a load that nobody can make here: it takes so many of the items of a request, and leaves the rest. */
function hesitant(takes: (request: number) => number) {
  const written: string[] = [];
  const sizes: number[] = [];
  const client = {
    async send({ input }: Sent) {
      const [table, requests] = Object.entries(input.RequestItems)[0] ?? expect.unreachable();
      const taken = takes(sizes.length);
      sizes.push(requests.Keys?.length ?? requests.length);
      if (requests.Keys !== undefined) {
        const found = requests.Keys.slice(0, taken).map(({ id }) => ({
          id,
          as_of: { S: "2026-11-21T00:00:00Z" },
          planned_at: { S: "2026-11-21T05:00:00Z" },
          run: { S: "daily-2026-11-20-0123abcd" },
        }));
        const left = requests.Keys.slice(taken);
        return {
          Responses: { [table]: found },
          UnprocessedKeys: left.length > 0 ? { [table]: { Keys: left } } : {},
        };
      }
      written.push(...requests.slice(0, taken).map(({ PutRequest }) => PutRequest.Item.id.S));
      const left = requests.slice(taken);
      return { UnprocessedItems: left.length > 0 ? { [table]: left } : {} };
    },
  };
  const waits: number[] = [];
  const store = dynamoOnlineStore(
    client as unknown as DynamoDBClient,
    { user: "users", item: "items" },
    async (milliseconds) => waits.push(milliseconds),
  );
  return { store, written, sizes, waits };
}

test("what DynamoDB leaves unprocessed is written again, after waits that grow", async () => {
  const { store, written, sizes, waits } = hesitant(() => 10);

  await store.put("user", many(25, online));

  expect(sizes).toEqual([25, 15, 5]);
  expect(written).toEqual(many(25, (number) => `u-${number}`));
  const [first = 0, second = 0] = waits;
  expect(first).toBeGreaterThanOrEqual(50);
  expect(first).toBeLessThanOrEqual(100);
  expect(second).toBeGreaterThanOrEqual(100);
});

test("keys that are left unread are asked for again", async () => {
  const { store, sizes } = hesitant(() => 60);

  const heads = await store.heads(
    "item",
    many(100, (number) => `u-${number}`),
  );

  expect(sizes).toEqual([100, 40]);
  expect(heads.size).toBe(100);
});

test("a table that takes nothing at all is Throttled in the end, for the machine to wait out", async () => {
  const { store, waits } = hesitant(() => 0);

  const refused = store.put("user", many(3, online));

  await expect(refused).rejects.toMatchObject({ name: "Throttled" });
  expect(waits).toHaveLength(8);
  expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
});
