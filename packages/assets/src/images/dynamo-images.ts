import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type ImageId, ImageRecord } from "@penstock/contracts";
import { conditionHeld, fromAws } from "@penstock/runtime/aws";
import { ContractViolation } from "@penstock/runtime/errors";
import * as v from "valibot";
import type { ImageRecords } from "./claim.ts";

/** A write on one record, and what must hold for it. */
interface Write {
  readonly update: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Names that DynamoDB keeps for itself, besides `status`. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Records of pictures in a table with the key `request_id`, of which DynamoDB removes those past `expires_at`. */
export function dynamoImages(dynamo: DynamoDBClient, table: string): ImageRecords {
  const client = DynamoDBDocumentClient.from(dynamo);
  const about = `pictures of ${table}`;
  const failed = fromAws(about);

  function write(id: ImageId, { update, condition, values, names }: Write): Promise<boolean> {
    return conditionHeld(
      about,
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { request_id: id },
          UpdateExpression: update,
          ConditionExpression: `#status = :pending AND ${condition}`,
          ExpressionAttributeNames: { "#status": "status", ...names },
          ExpressionAttributeValues: { ":pending": "pending", ...values },
        }),
      ),
    );
  }

  return {
    create: (record) =>
      conditionHeld(
        about,
        client.send(
          new PutCommand({
            TableName: table,
            Item: record,
            ConditionExpression: "attribute_not_exists(request_id)",
          }),
        ),
      ),
    async find(id) {
      const { Item } = await client
        .send(new GetCommand({ TableName: table, Key: { request_id: id }, ConsistentRead: true }))
        .catch(failed);
      if (Item === undefined) return undefined;
      const parsed = v.safeParse(ImageRecord, Item);
      if (parsed.success) return parsed.output;
      throw new ContractViolation(`an item of ${table} does not have the shape of a picture's record`);
    },
    claim: (id, claim, until) =>
      write(id, {
        update: "SET claim = :claim, claimed_until = :until ADD attempts :one",
        condition:
          "attribute_not_exists(asked_at) AND (attribute_not_exists(claimed_until) OR claimed_until < :now)",
        values: { ":claim": claim.id, ":until": until, ":now": claim.now, ":one": 1 },
      }),
    asking: (id, claim) =>
      write(id, {
        update: "SET asked_at = :now",
        condition: "claim = :claim AND attribute_not_exists(asked_at)",
        values: { ":claim": claim.id, ":now": claim.now },
      }),
    notPaid: (id, claim) =>
      write(id, {
        update: "REMOVE asked_at, claimed_until",
        condition: "claim = :claim",
        values: { ":claim": claim.id },
      }),
    complete: (id, claim, picture) => {
      const members = Object.entries(picture);
      return write(id, {
        update: `SET #status = :completed, ${members.map(([name]) => `#${name} = :${name}`).join(", ")}`,
        condition: "(claim = :claim OR claimed_until < :now)",
        values: {
          ":completed": "completed",
          ":claim": claim.id,
          ":now": claim.now,
          ...Object.fromEntries(members.map(([name, value]) => [`:${name}`, value])),
        },
        names: Object.fromEntries(members.map(([name]) => [`#${name}`, name])),
      });
    },
    fail: (id, claim, error) =>
      write(id, {
        update: "SET #status = :failed, #error = :error",
        condition: "(claim = :claim OR claimed_until < :now OR attribute_not_exists(claimed_until))",
        values: { ":failed": "failed", ":error": error, ":claim": claim.id, ":now": claim.now },
        names: { "#error": "error" },
      }),
  };
}
