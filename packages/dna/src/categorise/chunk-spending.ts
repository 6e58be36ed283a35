import { createHash } from "node:crypto";
import { ChunkSpending, spendingKey } from "@penstock/contracts";
import { ObjectMissing, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import type { Spending } from "@penstock/runtime/model";
import * as v from "valibot";
import type { DnaSettings } from "../settings.ts";

/** A chunk of a reading, and the run that is to categorise it. */
export interface ChunkOfRun {
  readonly plan: { readonly user: string; readonly reading: string };
  readonly chunk: number;
  readonly runId: string;
}

/** Where it stands what a run spent on a chunk that has no answer. Another run may spend as much again. */
export function spendingUri({ work }: Pick<DnaSettings, "work">, { plan, chunk, runId }: ChunkOfRun): S3Uri {
  const run = createHash("sha256").update(runId).digest("hex").slice(0, 16);
  return s3Uri(work, spendingKey(plan, chunk, run));
}

/** What earlier tries took; nothing where none told. */
export async function storedSpending(store: Pick<ObjectStore, "getJson">, uri: S3Uri): Promise<Spending> {
  const found = await store.getJson(uri).catch((error: unknown) => {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  });
  const parsed = v.safeParse(ChunkSpending, found);
  if (!parsed.success) return { calls: 0, inputTokens: 0, outputTokens: 0 };
  const { calls, input_tokens, output_tokens } = parsed.output;
  return { calls, inputTokens: input_tokens, outputTokens: output_tokens };
}

/** Writes down what was taken for nothing, so that neither the next try nor the document forgets it. */
export async function keepSpending(
  store: Pick<ObjectStore, "putJson">,
  uri: S3Uri,
  chunk: number,
  { calls, inputTokens, outputTokens }: Spending,
): Promise<void> {
  const kept: ChunkSpending = {
    contract: 1,
    chunk,
    calls,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
  };
  await store.putJson(uri, kept);
}
