import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { resource, type TaskContext } from "@penstock/runtime";
import { dynamoPeople, type People, requireActive } from "../people/index.ts";
import type { DnaPorts } from "../ports.ts";
import { DnaSettings } from "../settings.ts";
import { withinUser } from "../within-user.ts";

const dynamo = new DynamoDBClient({});

/** The ports of a task in its Lambda, for the one person that it is about. */
export function dnaPorts({ store }: TaskContext, user: string): DnaPorts & { readonly people: People } {
  const settings = resource("Dna", DnaSettings);
  const people = dynamoPeople(dynamo, { people: settings.peopleTable, files: settings.filesTable });
  return { store: withinUser(store, settings, user), settings, people, requireActive: requireActive(people) };
}
