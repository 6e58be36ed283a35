import path from "node:path";
import { type Contract, contracts, rowsPrefix } from "@penstock/contracts";
import { inParallel, type ObjectFacts, ObjectMissing, type S3Uri, s3Uri } from "@penstock/runtime";
import { objectOfRows, type RawObject, rowsKey } from "./object-keys.ts";
import type { LakePorts } from "./ports.ts";

/** One half of the pair of an object: its facts when it was read, and the local copy. */
export interface Half {
  readonly facts: ObjectFacts;
  readonly file: string;
}

/** A landed object: the curated and the pending rows of one raw object, as they were when the pass began. */
export interface Landed {
  /** Stands for the object in SQL; in order of key, so that it also decides between equal rows of two objects. */
  readonly number: number;
  readonly object: RawObject;
  readonly curated: Half | undefined;
  readonly pending: Half | undefined;
}

/** All that has landed, by table. */
export type Snapshot = ReadonlyMap<string, readonly Landed[]>;

/** Brings every curated and pending object to local disk. An object that vanishes meanwhile counts as not there. */
export async function takeSnapshot(
  { store, settings }: Pick<LakePorts, "store" | "settings">,
  folder: string,
): Promise<Snapshot> {
  const snapshot = new Map<string, Landed[]>();
  for (const { name: table } of Object.values<Contract>(contracts)) {
    const keys = new Set<string>();
    for (const bucket of [settings.curated, settings.pending]) {
      const root = s3Uri(bucket, "");
      for await (const { uri } of store.list(s3Uri(bucket, rowsPrefix(table))))
        keys.add(uri.slice(root.length));
    }
    const sorted = [...keys].toSorted((a, b) => (a < b ? -1 : 1));
    const landed = await inParallel(sorted, async (key, number) => {
      const file = (half: string) => path.join(folder, half, table, `${number}.parquet`);
      // In this order: a row that moves to the curated half between the two reads is seen twice, not never.
      const pending = await fetch(s3Uri(settings.pending, key), file("pending"));
      const curated = await fetch(s3Uri(settings.curated, key), file("curated"));
      return { number, object: objectOfRows(table, key), curated, pending };
    });
    snapshot.set(table, landed);
  }
  return snapshot;

  async function fetch(uri: S3Uri, file: string): Promise<Half | undefined> {
    try {
      return { facts: await store.download(uri, file), file };
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }
}

/** True when neither half of the object has changed since the snapshot. */
export async function unchanged(
  { object, curated, pending }: Landed,
  { store, settings }: Pick<LakePorts, "store" | "settings">,
): Promise<boolean> {
  const key = rowsKey(object);
  const [nowCurated, nowPending] = await Promise.all([
    store.head(s3Uri(settings.curated, key)),
    store.head(s3Uri(settings.pending, key)),
  ]);
  return nowCurated?.etag === curated?.facts.etag && nowPending?.etag === pending?.facts.etag;
}
