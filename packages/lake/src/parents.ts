import { type Contract, rowsPrefix } from "@penstock/contracts";
import { type S3Uri, s3Uri } from "@penstock/runtime";
import type { LakePorts } from "./ports.ts";
import type { ParentObjects } from "./refine-plan.ts";

/**
 * The curated objects of the tables that a contract refers to. Undefined when they have more than `maxBytes`
 * together: then nothing is looked up and every row that names a parent waits for reconcile, which decides anyway.
 */
export async function parentObjects(
  contract: Contract,
  { store, settings }: Pick<LakePorts, "store" | "settings">,
  maxBytes: number,
): Promise<ParentObjects | undefined> {
  const parents: Record<string, S3Uri[]> = {};
  let total = 0;
  for (const table of new Set(contract.references.map((reference) => reference.table))) {
    for await (const { uri, bytes } of store.list(s3Uri(settings.curated, rowsPrefix(table)))) {
      total += bytes;
      if (total > maxBytes) return undefined;
      parents[table] = [...(parents[table] ?? []), uri];
    }
  }
  return parents;
}
