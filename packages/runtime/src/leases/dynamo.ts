import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { conditionHeld } from "../aws/condition-held.ts";
import type { Leases } from "./leases.ts";

/**
 * Leases as items of a DynamoDB table with the key `name` (S): `owner` (S) and `until` (N, seconds since the epoch,
 * also the table's time to live). The condition of the write decides who gets it; what DynamoDB has not yet cleared
 * away counts as free once it has run out. `now` gives milliseconds since the epoch.
 */
export function dynamoLeases(client: DynamoDBClient, table: string, now: () => number = Date.now): Leases {
  return {
    async acquire(name, owner, seconds) {
      const second = Math.floor(now() / 1000);
      return conditionHeld(
        `lease ${name}`,
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: { name: { S: name }, owner: { S: owner }, until: { N: String(second + seconds) } },
            ConditionExpression: "attribute_not_exists(#name) OR #owner = :owner OR #until <= :now",
            ExpressionAttributeNames: { "#name": "name", "#owner": "owner", "#until": "until" },
            ExpressionAttributeValues: { ":owner": { S: owner }, ":now": { N: String(second) } },
          }),
        ),
      );
    },

    async release(name, owner) {
      await conditionHeld(
        `lease ${name}`,
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: { name: { S: name } },
            ConditionExpression: "#owner = :owner",
            ExpressionAttributeNames: { "#owner": "owner" },
            ExpressionAttributeValues: { ":owner": { S: owner } },
          }),
        ),
      );
    },
  };
}
