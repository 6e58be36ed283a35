import { s3Uri } from "@penstock/runtime";
import type { Input, InputObject } from "./input.ts";
import type { Progress } from "./progress.ts";
import type { Run } from "./run.ts";

/** Uploads at a time. More would only make the cloud's one process slower. */
const lanes = 4;

/**
 * Puts the raw objects into the bucket in their order, a few at a time, and at the end those a second time whose
 * event is to come twice. Nothing else is started: the objects' events do the rest.
 */
export async function upload(
  { store, buckets, signal }: Run,
  input: Input,
  progress: Progress,
): Promise<void> {
  progress.expectUploads(input.count);
  progress.phase("Uploading");
  const again: InputObject[] = [];
  const put = async ({ key, path }: InputObject): Promise<void> => {
    signal.throwIfAborted();
    await store.upload(path, s3Uri(buckets.raw, key));
    progress.uploaded();
  };
  await inLanes(async () => {
    const { value: object } = await input.objects.next();
    if (object?.uploads === 2) again.push(object);
    return object === undefined ? undefined : () => put(object);
  });
  progress.expectUploads(input.count + again.length);
  await inLanes(async () => {
    const object = again.shift();
    return object === undefined ? undefined : () => put(object);
  });
}

/** Takes work until there is no more, a few pieces at a time. */
async function inLanes(next: () => Promise<(() => Promise<void>) | undefined>): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let work = await next(); work !== undefined; work = await next()) await work();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
