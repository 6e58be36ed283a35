import { DnaDocument, documentKey } from "@penstock/contracts";
import { ObjectMissing, type ObjectStore, s3Uri, UnsupportedFile } from "@penstock/runtime";
import * as v from "valibot";
import type { DnaSettings } from "../settings.ts";

/** What there is at a document's key. */
export interface StoredDocument {
  /** To be named when it is replaced; null: there is none. */
  readonly etag: string | null;
  /** Undefined where there is none, or something else: that is replaced. */
  readonly document: DnaDocument | undefined;
}

/** The document of a file as it is now. Its entity tag is looked at first: whatever is written in between is not replaced. */
export async function storedDocument(
  store: Pick<ObjectStore, "head" | "getJson">,
  { data }: Pick<DnaSettings, "data">,
  { user, file }: { readonly user: string; readonly file: string },
): Promise<StoredDocument> {
  const uri = s3Uri(data, documentKey(user, file));
  const found = await store.head(uri);
  if (found === undefined) return { etag: null, document: undefined };
  const content = await store.getJson(uri).catch((error: unknown) => {
    if (error instanceof ObjectMissing || error instanceof UnsupportedFile) return undefined;
    throw error;
  });
  const parsed = v.safeParse(DnaDocument, content);
  const own = parsed.success && parsed.output.user === user && parsed.output.file === file;
  return { etag: found.etag, document: own ? parsed.output : undefined };
}

/**
 * Whether a document says all that a reading would: it is of the same one, no chunk failed, and none was left out that this
 * run may pay for.
 */
export function isCurrent(
  document: DnaDocument | undefined,
  { reading, byHand }: { readonly reading: string; readonly byHand: boolean },
): boolean {
  if (document?.reading !== reading) return false;
  const { failed, left_out } = document.chunks;
  return failed.length === 0 && (left_out === 0 || !byHand);
}
