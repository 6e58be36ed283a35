import { personPrefix } from "@penstock/contracts";
import {
  InvalidInput,
  inParallel,
  ObjectChanged,
  type ObjectStore,
  type S3Uri,
  s3Uri,
} from "@penstock/runtime";
import type { People } from "../people/index.ts";
import type { DnaPorts } from "../ports.ts";
import type { ForgetPersonInput } from "../task-inputs.ts";

/** What erasing works with. */
export interface ForgetPorts extends Pick<DnaPorts, "store" | "settings"> {
  readonly people: Pick<People, "status" | "forget">;
}

/** What was removed, in numbers. */
export interface ForgottenPerson {
  /** Of both buckets. */
  readonly objects: number;
  /** Of the tables. */
  readonly items: number;
}

/**
 * Removes all that there is of somebody who was marked as erased: every object under their prefix, and what the tables know. The
 * mark stays. No other task writes anything of somebody who bears it, so nothing comes after, except an upload that had been
 * signed before: it leads here again.
 * @throws {InvalidInput} for somebody who is not marked as erased
 * @throws {ObjectChanged} when something came while it was removed: run it again
 */
export async function forgetPerson(
  { user }: ForgetPersonInput,
  { store, settings, people }: ForgetPorts,
): Promise<ForgottenPerson> {
  if ((await people.status(user)) !== "erased")
    throw new InvalidInput(`${user} is not marked as erased; mark them first, so that nothing comes after`);
  const prefixes = [settings.data, settings.work].map((bucket) => s3Uri(bucket, personPrefix(user)));
  const objects = await objectsUnder(store, prefixes);
  await inParallel(objects, (uri) => store.remove(uri));
  const items = await people.forget(user);
  const left = await objectsUnder(store, prefixes);
  if (left.length > 0)
    throw new ObjectChanged(`${left.length} objects of ${user} came while theirs were removed; run it again`);
  return { objects: objects.length, items };
}

async function objectsUnder(store: Pick<ObjectStore, "list">, prefixes: readonly S3Uri[]): Promise<S3Uri[]> {
  const found: S3Uri[] = [];
  for (const prefix of prefixes) for await (const { uri } of store.list(prefix)) found.push(uri);
  return found;
}
