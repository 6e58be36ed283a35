import { setTimeout as sleep } from "node:timers/promises";
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { OnlineItem } from "@penstock/contracts";
import { ContractViolation, fromAws, inParallel, Throttled } from "@penstock/runtime";
import { plainItem } from "@penstock/runtime/aws";
import * as v from "valibot";
import type { OnlineGroup, OnlineHead, OnlineStore } from "../online-store.ts";

/** DynamoDB's quotas of items in one request. */
const MOST = { read: 100, written: 25 } as const;
/** Requests for what was left over by the one before; the waits between them come to half a minute. */
const TRIES = 9;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 10_000;

const Head = v.pick(OnlineItem, ["id", "as_of", "planned_at", "run"]);

/**
 * The online store in tables whose key is `id`. What DynamoDB leaves unprocessed is asked for again, after waits that grow
 * and differ from caller to caller. `wait` takes milliseconds.
 */
export function dynamoOnlineStore(
  client: Pick<DynamoDBClient, "send">,
  tables: Readonly<Record<OnlineGroup, string>>,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): OnlineStore {
  const read = async (group: OnlineGroup, ids: readonly string[], more: Partial<KeysAndAttributes>) => {
    const table = tables[group];
    const answers = await inParallel(chunks(ids, MOST.read), async (chunk) => {
      const found: Record<string, AttributeValue>[] = [];
      const keys: KeysAndAttributes = { Keys: chunk.map((id) => ({ id: { S: id } })), ...more };
      await untilNoneIsLeft(`items of ${table}`, keys, wait, async (left) => {
        const RequestItems = { [table]: { ...left, ConsistentRead: true } };
        const { Responses, UnprocessedKeys } = await client
          .send(new BatchGetItemCommand({ RequestItems }))
          .catch(fromAws(`items of ${table}`));
        found.push(...(Responses?.[table] ?? []));
        const unprocessed = UnprocessedKeys?.[table];
        return unprocessed?.Keys?.length ? unprocessed : undefined;
      });
      return found;
    });
    return answers.flat();
  };

  const write = async (group: OnlineGroup, all: readonly WriteRequest[]): Promise<void> => {
    const table = tables[group];
    await inParallel(chunks(all, MOST.written), async (requests) => {
      await untilNoneIsLeft(`items of ${table}`, requests, wait, async (left) => {
        const { UnprocessedItems } = await client
          .send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }))
          .catch(fromAws(`items of ${table}`));
        const unprocessed = UnprocessedItems?.[table];
        return unprocessed?.length ? unprocessed : undefined;
      });
    });
  };

  return {
    async heads(group, ids) {
      const found = await read(group, ids, {
        ProjectionExpression: "#id, #as_of, #planned_at, #run",
        ExpressionAttributeNames: {
          "#id": "id",
          "#as_of": "as_of",
          "#planned_at": "planned_at",
          "#run": "run",
        },
      });
      const heads = found.map((item): OnlineHead => parsed(Head, item, tables[group]));
      return new Map(heads.map((head) => [head.id, head]));
    },

    async items(group, ids) {
      const found = await read(group, ids, {});
      const items = found.map((item) => parsed(OnlineItem, item, tables[group]));
      return new Map(items.map((item) => [item.id, item]));
    },

    put: (group, items) =>
      write(
        group,
        items.map((item) => ({ PutRequest: { Item: written(item) } })),
      ),

    remove: (group, ids) =>
      write(
        group,
        ids.map((id) => ({ DeleteRequest: { Key: { id: { S: id } } } })),
      ),
  };
}

async function untilNoneIsLeft<Left>(
  about: string,
  all: Left,
  wait: (milliseconds: number) => Promise<unknown>,
  request: (left: Left) => Promise<Left | undefined>,
): Promise<void> {
  let left: Left | undefined = all;
  for (let tries = 0; left !== undefined; tries++) {
    if (tries === TRIES)
      throw new Throttled(
        `${about}: DynamoDB left some unprocessed ${TRIES} times in a row; try again later`,
      );
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    if (tries > 0) await wait(longest * (0.5 + Math.random() / 2));
    left = await request(left);
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

function written({
  id,
  version,
  as_of,
  planned_at,
  run,
  expires_at,
  features,
}: OnlineItem): Record<string, AttributeValue> {
  return {
    id: { S: id },
    version: { N: String(version) },
    as_of: { S: as_of },
    planned_at: { S: planned_at },
    run: { S: run },
    expires_at: { N: String(expires_at) },
    features: { S: JSON.stringify(features) },
  };
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  item: Readonly<Record<string, AttributeValue>>,
  table: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, plainItem(item));
  if (result.success) return result.output;
  throw new ContractViolation(`an item of ${table} does not have the shape of online features`);
}
