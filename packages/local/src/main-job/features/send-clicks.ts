import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { Interaction } from "../../interactions/interaction.ts";
import { apiCaller } from "../call-api.ts";
import type { Run } from "../run.ts";

/** What became of interactions that were sent over the API. */
export interface SentClicks {
  readonly sent: number;
  /** What the API says that it took: they are in the stream. */
  readonly taken: number;
  /** Those of them that the delivery stream has written, and into how many objects: one for each day at least. */
  readonly delivered: number;
  readonly objects: number;
}

const Taken = v.object({ taken: v.number() });
const Line = v.object({ interaction_id: v.string() });
const unpacked = promisify(gunzip);

/** Sends interactions as a shop does: over the API into the stream, from which they are delivered as raw lines of their days. */
export async function sendClicks(
  { cloud, store, features, workDirectory, signal }: Run,
  interactions: readonly Interaction[],
): Promise<SentClicks> {
  const call = await apiCaller(cloud, "penstock/ingest", signal);
  const body = JSON.stringify({ interactions });
  const response = await call("/api/interactions", { method: "POST", body });
  const answer = v.safeParse(Taken, await response.json());
  // On AWS it waits for minutes, to write few objects.
  await cloud.deliverStreams();
  const ids = new Set(interactions.map(({ interaction_id }) => interaction_id));
  const found = new Set<string>();
  let objects = 0;
  for await (const { uri } of store.list(s3Uri(features.interactions, "interactions/"))) {
    // What was put there by the file is not compressed.
    if (!uri.endsWith(".gz")) continue;
    const file = join(workDirectory, "delivered");
    await store.download(uri, file);
    const lines = (await unpacked(await readFile(file))).toString("utf8").trimEnd().split("\n");
    const own = lines
      .map((line) => v.parse(Line, JSON.parse(line)).interaction_id)
      .filter((id) => ids.has(id));
    for (const id of own) found.add(id);
    if (own.length > 0) objects++;
  }
  const taken = answer.success ? answer.output.taken : 0;
  return { sent: interactions.length, taken, delivered: found.size, objects };
}
