import { setTimeout as sleep } from "node:timers/promises";
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OnlineItem } from "@penstock/contracts";
import { fromAws, plainItem } from "@penstock/runtime/aws";
import { ContractViolation, Throttled } from "@penstock/runtime/errors";
import * as v from "valibot";
import type { OnlineGroup, OnlineTables } from "./read-features.ts";

/** Waits before what DynamoDB left unprocessed is asked for again, in milliseconds: somebody waits for the answer. */
const WAITS = [50, 150, 450, 1350];

/**
 * The tables of online features, read as they are or were a moment ago: no answer depends on the very latest. `wait` takes
 * milliseconds.
 */
export function dynamoTables(
  client: Pick<DynamoDBClient, "send">,
  tables: Readonly<Record<OnlineGroup, string>>,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): OnlineTables {
  return {
    async items(group, ids) {
      const table = tables[group];
      const found: Record<string, AttributeValue>[] = [];
      let keys = ids.map((id): Record<string, AttributeValue> => ({ id: { S: id } }));
      for (const longest of [0, ...WAITS]) {
        if (longest > 0) await wait(longest * (0.5 + Math.random() / 2));
        const { Responses, UnprocessedKeys } = await client
          .send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } }))
          .catch(fromAws(`features of ${table}`));
        found.push(...(Responses?.[table] ?? []));
        keys = UnprocessedKeys?.[table]?.Keys ?? [];
        if (keys.length === 0) return found.map((item) => onlineItem(item, table));
      }
      throw new Throttled(`features of ${table}: DynamoDB is too busy for some of them; try again later`);
    },
    now: () => Date.now(),
  };
}

function onlineItem(item: Record<string, AttributeValue>, table: string): OnlineItem {
  const parsed = v.safeParse(OnlineItem, plainItem(item));
  if (parsed.success) return parsed.output;
  throw new ContractViolation(`an item of ${table} does not have the shape of online features`);
}
