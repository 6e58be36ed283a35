import { createHash } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { FoundVideo } from "@penstock/contracts";
import { fromAws } from "@penstock/runtime/aws";
import * as v from "valibot";
import { nextQuotaDay } from "./quota-day.ts";
import type { VideoCache } from "./video-cache.ts";

const Kept = v.object({ videos: v.array(FoundVideo), statistics: v.boolean(), until: v.number() });
const Spent = v.object({ until: v.number() });

const QUOTA = "youtube#quota";

/**
 * Found videos in a table with the key `key`: `videos#<SHA-256 of the query>`, and `youtube#quota` while there is none left. Times
 * are compared here: DynamoDB removes what is over days later. Videos of an older shape are looked for again.
 */
export function dynamoVideoCache(dynamo: DynamoDBClient, table: string): VideoCache {
  const client = DynamoDBDocumentClient.from(dynamo);
  const failed = fromAws(`found videos of ${table}`);
  const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

  async function item(key: string): Promise<unknown> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { key } })).catch(failed);
    return Item;
  }
  async function put(Item: { readonly key: string } & Readonly<Record<string, unknown>>): Promise<void> {
    await client.send(new PutCommand({ TableName: table, Item })).catch(failed);
  }

  return {
    async find(query, now) {
      const parsed = v.safeParse(Kept, await item(keyOf(query)));
      if (!parsed.success || parsed.output.until <= seconds(now)) return undefined;
      const { videos, statistics } = parsed.output;
      return { videos, statistics };
    },
    keep: (query, { videos, statistics }, until) =>
      put({ key: keyOf(query), videos, statistics, until: seconds(until) }),
    async quotaSpent(now) {
      const parsed = v.safeParse(Spent, await item(QUOTA));
      return parsed.success && parsed.output.until > seconds(now);
    },
    spendQuota: (now) => put({ key: QUOTA, until: seconds(nextQuotaDay(now)) }),
  };
}

/** A query can be a customer's own words: they do not stand in keys. */
function keyOf(query: string): string {
  return `videos#${createHash("sha256").update(query.toLowerCase()).digest("hex")}`;
}
