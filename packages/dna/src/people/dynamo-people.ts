import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { FileOutcome, type PersonRegistered, UserId } from "@penstock/contracts";
import { conditionHeld, fromAws } from "@penstock/runtime/aws";
import { ContractViolation, InvalidInput, Throttled } from "@penstock/runtime/errors";
import * as v from "valibot";
import type { OutcomesPage, People, PersonStatus } from "./people.ts";
import { newUserId } from "./user-id.ts";

/** Names of the tables. */
export interface PeopleTables {
  /** By `id`: `email#<hash>` with the user, `user#<user>` with how they stand. */
  readonly people: string;
  /** By `user` and `file`: what became of it. */
  readonly files: string;
}

const Mapping = v.object({ user: UserId });
const Standing = v.object({ status: v.picklist(["active", "erased"]), email_hash: v.optional(v.string()) });

/** Rounds of two who register the same address, each of which one wins. */
const ROUNDS = 5;
/** Outcomes that are removed in one go. */
const PAGE = 100;

/** People in two tables of DynamoDB. `now` in milliseconds since the epoch. */
export function dynamoPeople(
  dynamo: DynamoDBClient,
  tables: PeopleTables,
  now: () => number = Date.now,
): People {
  const client = DynamoDBDocumentClient.from(dynamo);
  const about = `people of ${tables.people}`;
  const failed = fromAws(about);
  const failedFiles = fromAws(`outcomes of ${tables.files}`);
  const email = (hash: string) => ({ id: `email#${hash}` });
  const person = (user: string) => ({ id: `user#${user}` });

  async function item<Schema extends v.GenericSchema>(key: { id: string }, schema: Schema) {
    // Consistent: who was erased a moment ago is erased.
    const { Item } = await client
      .send(new GetCommand({ TableName: tables.people, Key: key, ConsistentRead: true }))
      .catch(failed);
    if (Item === undefined) return undefined;
    const parsed = v.safeParse(schema, Item);
    if (parsed.success) return parsed.output;
    throw new ContractViolation(`an item of ${tables.people} does not have its shape`);
  }

  async function status(user: string): Promise<PersonStatus | undefined> {
    return (await item(person(user), Standing))?.status;
  }

  /** Whether an address came to stand for `user`: for nobody before, or for the one who was erased. */
  async function take(hash: string, user: string, erased: string | undefined): Promise<boolean> {
    const condition =
      erased === undefined
        ? { ConditionExpression: "attribute_not_exists(id)" }
        : { ConditionExpression: "#user = :erased", ExpressionAttributeValues: { ":erased": erased } };
    return conditionHeld(
      about,
      client.send(
        new PutCommand({
          TableName: tables.people,
          Item: { ...email(hash), user, created_at: new Date(now()).toISOString() },
          ...condition,
          ...(erased !== undefined && { ExpressionAttributeNames: { "#user": "user" } }),
        }),
      ),
    );
  }

  async function register(hash: string): Promise<PersonRegistered> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const known = (await item(email(hash), Mapping))?.user;
      if (known !== undefined && (await status(known)) === "active") return { user: known, created: false };
      // The person first: an id that an address leads to is one that is registered.
      const user = newUserId();
      const created_at = new Date(now()).toISOString();
      const Item = { ...person(user), status: "active", created_at, email_hash: hash };
      await client.send(new PutCommand({ TableName: tables.people, Item })).catch(failed);
      if (await take(hash, user, known)) return { user, created: true };
      await client.send(new DeleteCommand({ TableName: tables.people, Key: person(user) })).catch(failed);
    }
    throw new Throttled(`people of ${tables.people}: many register one address at once; try again later`);
  }

  async function outcomes(
    user: string,
    { limit, after }: { limit: number; after: string | undefined },
  ): Promise<OutcomesPage> {
    const { Items = [], LastEvaluatedKey } = await client
      .send(
        new QueryCommand({
          TableName: tables.files,
          KeyConditionExpression: "#user = :user",
          ExpressionAttributeNames: { "#user": "user" },
          ExpressionAttributeValues: { ":user": user },
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: { user, file: after } }),
        }),
      )
      .catch(failedFiles);
    const files = Items.map(({ user: _, ...rest }) => {
      const parsed = v.safeParse(FileOutcome, rest);
      if (parsed.success) return parsed.output;
      throw new ContractViolation(`an item of ${tables.files} does not have the shape of an outcome`);
    });
    return { files, last: LastEvaluatedKey === undefined ? undefined : files.at(-1)?.file };
  }

  async function forget(user: string): Promise<number> {
    const standing = await item(person(user), Standing);
    if (standing?.status !== "erased")
      throw new InvalidInput(`${user} is not marked as erased; mark them first, so that nothing comes after`);
    const removed = await removeOutcomes(user);
    const hash = standing.email_hash;
    if (hash === undefined) return removed;
    const mapped = await conditionHeld(
      about,
      client.send(
        new DeleteCommand({
          TableName: tables.people,
          Key: email(hash),
          // Whoever registered the address since is somebody else.
          ConditionExpression: "#user = :user",
          ExpressionAttributeNames: { "#user": "user" },
          ExpressionAttributeValues: { ":user": user },
        }),
      ),
    );
    await client
      .send(
        new UpdateCommand({
          TableName: tables.people,
          Key: person(user),
          UpdateExpression: "REMOVE email_hash",
        }),
      )
      .catch(failed);
    return removed + (mapped ? 1 : 0);
  }

  async function removeOutcomes(user: string): Promise<number> {
    for (let removed = 0; ; ) {
      const { Items = [] } = await client
        .send(
          new QueryCommand({
            TableName: tables.files,
            ConsistentRead: true,
            KeyConditionExpression: "#user = :user",
            ProjectionExpression: "#user, #file",
            ExpressionAttributeNames: { "#user": "user", "#file": "file" },
            ExpressionAttributeValues: { ":user": user },
            Limit: PAGE,
          }),
        )
        .catch(failedFiles);
      if (Items.length === 0) return removed;
      for (const Key of Items)
        await client.send(new DeleteCommand({ TableName: tables.files, Key })).catch(failedFiles);
      removed += Items.length;
    }
  }

  return { register, status, outcomes, forget };
}
