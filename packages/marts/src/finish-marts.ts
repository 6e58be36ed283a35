import { isS3Uri, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { BuildMartsInput } from "./build-marts.ts";
import { type MartsSummary, writeManifest } from "./manifest.ts";
import type { MartsPorts } from "./ports.ts";

/** What FinishMarts is given: the build again, and where the job wrote its answers. */
export const FinishMartsInput = v.strictObject({
  ...BuildMartsInput.entries,
  result: v.custom<S3Uri>(isS3Uri, "an S3 URI"),
});
export type FinishMartsInput = v.InferOutput<typeof FinishMartsInput>;

/** Writes the manifest of what Glue built. Throws `ObjectMissing` when the job left no answers. */
export async function finishMarts(
  { build, built_at, result }: FinishMartsInput,
  ports: Pick<MartsPorts, "store" | "settings">,
): Promise<MartsSummary> {
  return writeManifest(await ports.store.getJson(result), { build, built_at }, ports);
}
