import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CurrentFeatures } from "@penstock/contracts";
import { ContractViolation, conditionHeld, fromAws } from "@penstock/runtime";
import * as v from "valibot";
import type { FeaturePointers } from "../feature-pointers.ts";

/** The pointers as items of the table of builds, whose key is `system`. */
export function dynamoFeaturePointers(client: Pick<DynamoDBClient, "send">, table: string): FeaturePointers {
  return {
    async read(system) {
      const about = `the item ${system} of ${table}`;
      const { Item } = await client
        .send(new GetItemCommand({ TableName: table, Key: { system: { S: system } }, ConsistentRead: true }))
        .catch(fromAws(about));
      if (Item === undefined) return undefined;
      const parsed = v.safeParse(CurrentFeatures, {
        system: Item.system?.S,
        build: Item.build?.S,
        as_of: Item.as_of?.S,
        manifest: Item.manifest?.S,
        generation: Number(Item.generation?.N),
      });
      if (parsed.success) return parsed.output;
      throw new ContractViolation(`${about} does not have the shape of a pointer to features`);
    },

    async replace({ system, build, as_of, manifest, generation }) {
      return conditionHeld(
        `the item ${system} of ${table}`,
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              system: { S: system },
              build: { S: build },
              as_of: { S: as_of },
              manifest: { S: manifest },
              generation: { N: String(generation) },
            },
            ConditionExpression:
              generation === 1 ? "attribute_not_exists(#system)" : "#generation = :generation",
            ExpressionAttributeNames:
              generation === 1 ? { "#system": "system" } : { "#generation": "generation" },
            ...(generation === 1
              ? {}
              : { ExpressionAttributeValues: { ":generation": { N: String(generation - 1) } } }),
          }),
        ),
      );
    },
  };
}
