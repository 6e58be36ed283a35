import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { conditionHeld } from "@penstock/runtime";
import type { OnlineMark } from "../online-mark.ts";

/** Not a lease: it has no end, and nobody gives it back. */
const NAME = "features/online/latest";

const LATER = [
  "attribute_not_exists(#name)",
  "#as_of < :as_of",
  "(#as_of = :as_of AND #planned_at < :planned_at)",
  "(#as_of = :as_of AND #planned_at = :planned_at AND #run <= :run)",
].join(" OR ");

/**
 * The mark as an item of the table of locks, whose key is `name`: it belongs to the lease of those who publish. Moments
 * are milliseconds there, by which DynamoDB compares as `isLater` does.
 */
export function dynamoOnlineMark(client: Pick<DynamoDBClient, "send">, table: string): OnlineMark {
  return {
    async raise({ as_of, planned_at, attempt }) {
      const moment = (text: string) => ({ N: String(Date.parse(text)) });
      const values = { as_of: moment(as_of), planned_at: moment(planned_at), run: { S: attempt } };
      return conditionHeld(
        `the item ${NAME} of ${table}`,
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: { name: { S: NAME }, ...values },
            ConditionExpression: LATER,
            ExpressionAttributeNames: {
              "#name": "name",
              "#as_of": "as_of",
              "#planned_at": "planned_at",
              "#run": "run",
            },
            ExpressionAttributeValues: {
              ":as_of": values.as_of,
              ":planned_at": values.planned_at,
              ":run": values.run,
            },
          }),
        ),
      );
    },
  };
}
