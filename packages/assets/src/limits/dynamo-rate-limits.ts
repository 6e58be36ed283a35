import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { conditionHeld, fromAws } from "@penstock/runtime/aws";
import { Throttled } from "@penstock/runtime/errors";
import * as v from "valibot";
import { secondsUntilToken, tokenTimes } from "./rate.ts";
import type { RateLimits } from "./rate-limits.ts";

const Bucket = v.object({ tat: v.number() });

/** A bucket that is neither full, nor has a token, nor is empty has changed in between: so often it is looked at anew. */
const ROUNDS = 3;

/**
 * Buckets in a table with the key `bucket`: `tat`, the time at which it is full (milliseconds since the epoch), and `until`, when it
 * certainly is, by which DynamoDB removes it (seconds). Each token is one conditional write, so that of two callers at once one
 * gets the last. A full bucket and one that lacks some are two writes: DynamoDB's expressions know no greater of two.
 */
export function dynamoRateLimits(dynamo: DynamoDBClient, table: string): RateLimits {
  const client = DynamoDBDocumentClient.from(dynamo);
  const about = `limits of ${table}`;
  const failed = fromAws(about);
  return {
    async take(bucket, rate, now) {
      const times = tokenTimes(rate);
      const { perToken, ahead } = times;
      const update = (set: string, condition: string, values: Readonly<Record<string, number>>) =>
        conditionHeld(
          about,
          client.send(
            new UpdateCommand({
              TableName: table,
              Key: { bucket },
              UpdateExpression: `SET tat = ${set}, #until = :until`,
              ConditionExpression: condition,
              ExpressionAttributeNames: { "#until": "until" },
              ExpressionAttributeValues: {
                ":now": now,
                ":until": Math.ceil((now + ahead + perToken) / 1000) + 1,
                ...values,
              },
            }),
          ),
        );
      for (let round = 0; round < ROUNDS; round += 1) {
        if (await update(":full", "attribute_not_exists(tat) OR tat <= :now", { ":full": now + perToken }))
          return { ok: true };
        const some = { ":token": perToken, ":last": now + ahead };
        if (await update("tat + :token", "tat > :now AND tat <= :last", some)) return { ok: true };
        const { Item } = await client
          .send(new GetCommand({ TableName: table, Key: { bucket }, ConsistentRead: true }))
          .catch(failed);
        const found = v.safeParse(Bucket, Item);
        if (found.success && found.output.tat > now + ahead)
          return { ok: false, retryAfterSeconds: secondsUntilToken(found.output.tat, times, now) };
      }
      throw new Throttled(`limits of ${table}: many take from one bucket at once; try again later`);
    },
  };
}
