import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CurrentBuild } from "@penstock/contracts";
import * as v from "valibot";
import { fromAws } from "../aws/failures.ts";
import { ContractViolation } from "../errors.ts";

/**
 * The current build of a system, or of the `marts`; undefined before the first. Read consistently: an answer must not
 * speak of a build that the one before it has already left behind.
 * @throws {ContractViolation} for an item that is none
 */
export async function currentBuild(
  client: Pick<DynamoDBClient, "send">,
  table: string,
  system: string,
): Promise<CurrentBuild | undefined> {
  const about = `the current build of ${system}`;
  const { Item } = await client
    .send(new GetItemCommand({ TableName: table, Key: { system: { S: system } }, ConsistentRead: true }))
    .catch(fromAws(about));
  if (Item === undefined) return undefined;
  const parsed = v.safeParse(CurrentBuild, {
    system: Item.system?.S,
    build: Item.build?.S,
    built_at: Item.built_at?.S,
    generation: Number(Item.generation?.N),
    ...(Item.catalogued?.S !== undefined && { catalogued: Item.catalogued.S }),
  });
  if (parsed.success) return parsed.output;
  throw new ContractViolation(`${about} in ${table} does not have its shape`);
}
