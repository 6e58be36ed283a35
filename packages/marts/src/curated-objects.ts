import { type Contract, contracts, rowsPrefix, violationsKey } from "@penstock/contracts";
import { type S3Uri, s3Uri } from "@penstock/runtime";
import type { MartsPorts } from "./ports.ts";

/** What a build reads: the objects of the curated zone as they are now, and the list of violating orders. */
export interface CuratedObjects {
  /** By table; in order of key, so that equal zones give equal plans. */
  readonly tables: Readonly<Record<string, readonly S3Uri[]>>;
  /** Absent until the first reconcile. */
  readonly violations: S3Uri | undefined;
  readonly bytes: number;
}

/**
 * Lists the curated zone. Children before parents: a row that is curated has its parents curated before it, so their
 * objects are found when they are looked for afterwards.
 */
export async function curatedObjects({
  store,
  settings,
}: Pick<MartsPorts, "store" | "settings">): Promise<CuratedObjects> {
  const tables: Record<string, S3Uri[]> = {};
  let bytes = 0;
  for (const { name } of Object.values<Contract>(contracts).toReversed()) {
    const found: S3Uri[] = [];
    for await (const object of store.list(s3Uri(settings.curated, rowsPrefix(name)))) {
      found.push(object.uri);
      bytes += object.bytes;
    }
    tables[name] = found.toSorted();
  }
  const list = await store.head(s3Uri(settings.audit, violationsKey));
  return { tables, violations: list?.uri, bytes };
}
