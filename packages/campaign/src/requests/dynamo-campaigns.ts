import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { CampaignId, ProductRecord } from "@penstock/contracts";
import { conditionHeld, fromAws } from "@penstock/runtime/aws";
import { ContractViolation } from "@penstock/runtime/errors";
import * as v from "valibot";
import type { Campaigns } from "./campaigns.ts";

/** Names of the tables. */
export interface CampaignTables {
  /** By `product_id`. */
  readonly products: string;
  /** By `key`: `campaign#<subject>#<fingerprint>`, among others. */
  readonly cache: string;
}

const Pointer = v.object({ product_id: CampaignId, at: v.number(), until: v.number() });

/**
 * Campaigns in two tables of DynamoDB. Times of pointers are compared here: DynamoDB removes what is over days later.
 * @param hours how long a campaign answers equal requests
 * @param now in milliseconds since the epoch
 */
export function dynamoCampaigns(
  dynamo: DynamoDBClient,
  tables: CampaignTables,
  hours: number,
  now: () => number = Date.now,
): Campaigns {
  const client = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  const failed = fromAws(`products of ${tables.products}`);
  const aboutCache = `campaigns of ${tables.cache}`;
  const failedCache = fromAws(aboutCache);
  const keyOf = (subject: string, fingerprint: string) => ({ key: `campaign#${subject}#${fingerprint}` });
  /** In seconds, as DynamoDB takes it for a TTL. */
  const second = () => Math.floor(now() / 1000);

  return {
    async create(record) {
      await client
        .send(
          new PutCommand({
            TableName: tables.products,
            Item: record,
            // Its own is none of somebody else's: it was written by a try whose answer was lost.
            ConditionExpression: "attribute_not_exists(product_id) OR correlation_id = :correlation",
            ExpressionAttributeValues: { ":correlation": record.correlation_id },
          }),
        )
        .catch(failed);
    },

    async find(subject, id) {
      const { Item } = await client
        .send(new GetCommand({ TableName: tables.products, Key: { product_id: id }, ConsistentRead: true }))
        .catch(failed);
      if (Item === undefined || Item.user_id !== subject) return undefined;
      const parsed = v.safeParse(ProductRecord, Item);
      if (parsed.success) return parsed.output;
      throw new ContractViolation(`an item of ${tables.products} does not have its shape`);
    },

    async stored(subject, fingerprint) {
      const { Item } = await client
        .send(
          new GetCommand({
            TableName: tables.cache,
            Key: keyOf(subject, fingerprint),
            ConsistentRead: true,
          }),
        )
        .catch(failedCache);
      const parsed = v.safeParse(Pointer, Item);
      if (!parsed.success || parsed.output.until <= second()) return undefined;
      const { product_id, at } = parsed.output;
      return { product_id, at };
    },

    async remember(subject, fingerprint, id, replaces) {
      const at = now();
      return conditionHeld(
        aboutCache,
        client.send(
          new PutCommand({
            TableName: tables.cache,
            Item: { ...keyOf(subject, fingerprint), product_id: id, at, until: second() + hours * 60 * 60 },
            // Its own is there where the answer to a first try was lost.
            ConditionExpression:
              "attribute_not_exists(#key) OR #until <= :now OR product_id IN (:id, :replaces)",
            ExpressionAttributeNames: { "#key": "key", "#until": "until" },
            ExpressionAttributeValues: { ":now": second(), ":id": id, ":replaces": replaces ?? id },
          }),
        ),
      );
    },

    async forget(subject, fingerprint, id) {
      await conditionHeld(
        aboutCache,
        client.send(
          new PutCommand({
            TableName: tables.cache,
            Item: { ...keyOf(subject, fingerprint), product_id: id, at: now(), until: second() },
            ConditionExpression: "product_id = :id",
            ExpressionAttributeValues: { ":id": id },
          }),
        ),
      );
    },
  };
}
