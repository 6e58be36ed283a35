import { ChunkAnswer } from "@penstock/contracts";
import { ObjectMissing, type ObjectStore, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

/** The answer to a chunk where there is one. An object that is none counts as none: the model is asked again. */
export async function storedAnswer(
  store: Pick<ObjectStore, "getJson">,
  uri: S3Uri,
  chunk: number,
): Promise<ChunkAnswer | undefined> {
  const found = await store.getJson(uri).catch((error: unknown) => {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  });
  const parsed = v.safeParse(ChunkAnswer, found);
  return parsed.success && parsed.output.chunk === chunk ? parsed.output : undefined;
}
