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
export async function upload({ store, buckets }: Run, input: Input, progress: Progress): Promise<void> {
  const again = input.objects.filter(({ uploads }) => uploads === 2);
  const queue = [...input.objects, ...again];
  progress.expectUploads(queue.length);
  progress.phase("Uploading");
  const put = async ({ key, path }: InputObject): Promise<void> => {
    await store.upload(path, s3Uri(buckets.raw, key));
    progress.uploaded();
  };
  const worker = async (): Promise<void> => {
    for (let object = queue.shift(); object !== undefined; object = queue.shift()) await put(object);
  };
  await Promise.all(Array.from({ length: lanes }, worker));
}
