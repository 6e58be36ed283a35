import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type CatalogueTable, catalogueDigestKey, catalogueDigestPrefix } from "@penstock/contracts";
import { inParallel, type ObjectFacts, type S3Uri, s3Uri } from "@penstock/runtime";
import type { FeaturesPorts } from "./ports.ts";

/** One state of an object, which its entity tag tells from every other state; of its content the tag says nothing. */
export type ObjectState = Pick<ObjectFacts, "uri" | "etag">;

/** SHA-256 of snapshots' objects, by {@link stateName}. */
export type CatalogueDigests = ReadonlyMap<string, string>;

type Ports = Pick<FeaturesPorts, "store" | "settings">;

const NOTE = /^(.+)\/([^/]+)-([0-9a-f]{64})[.]json$/;

/** An object's state as {@link CatalogueDigests} knows it. */
export function stateName({ uri, etag }: ObjectState): string {
  return `${uri} ${etag}`;
}

/** SHA-256 of a file, hexadecimal. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * The digests that were noted of a catalogue's objects; their notes' keys say all, so that none is read. Entity tags would
 * not do: under a key of KMS the same bytes have another one each time.
 */
export async function knownDigests(table: CatalogueTable, ports: Ports): Promise<CatalogueDigests> {
  const { store, settings } = ports;
  const root = s3Uri(settings.features, catalogueDigestPrefix);
  const digests = new Map<string, string>();
  for await (const { uri } of store.list(s3Uri(settings.features, `${catalogueDigestPrefix}${table}/`))) {
    const [, key = "", etag = "", digest = ""] = NOTE.exec(uri.slice(root.length)) ?? [];
    if (digest !== "") digests.set(stateName({ uri: s3Uri(settings.interactions, key), etag }), digest);
  }
  return digests;
}

/** Notes the digests of objects that were read for the first time. */
export async function noteDigests(
  objects: readonly (ObjectState & { readonly file: string })[],
  known: CatalogueDigests,
  { store, settings }: Ports,
): Promise<void> {
  const root = s3Uri(settings.interactions, "");
  const open = objects.filter((object) => !known.has(stateName(object)));
  await inParallel(open, async ({ uri, etag, file }) => {
    const sha256 = await fileDigest(file);
    const note: S3Uri = s3Uri(settings.features, catalogueDigestKey(uri.slice(root.length), etag, sha256));
    await store.putJson(note, { object: uri, etag, sha256 });
  });
}
