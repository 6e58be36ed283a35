/** The catalogues that interactions refer to, by the folder of their snapshots. */
export const catalogueTables = ["products", "users"] as const;
export type CatalogueTable = (typeof catalogueTables)[number];

/** Prefix of the notes that tell the content of snapshots' objects. */
export const catalogueDigestPrefix = "catalogue_digests/";

/** Key of the note that one state of an object, by its own key and entity tag, has this SHA-256. */
export function catalogueDigestKey(object: string, etag: string, sha256: string): string {
  return `${catalogueDigestPrefix}${object}/${etag}-${sha256}.json`;
}

/** Key of the rows of a source's snapshot that break their contract, as JSON lines. */
export function catalogueQuarantineKey(
  table: CatalogueTable,
  { source, date }: { readonly source: string; readonly date: string },
): string {
  return `quarantine/${table}/date=${date}/${source}.jsonl`;
}
