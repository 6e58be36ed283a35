/** The buckets of the lake, as the task functions know them by their link. */
export interface Buckets {
  raw: string;
  curated: string;
  pending: string;
  quarantine: string;
  audit: string;
  artifacts: string;
}

/** What an object outside Raw is, told by its bucket and key. `rest` is the part that it shares with its raw object. */
export type Written =
  | { kind: "curated" | "pending" | "quarantined" | "expired" | "metrics"; table: string; rest: string }
  | { kind: "manifest" | "violations" | "other" };

/** What stands at a key of one of the lake's buckets. */
export function placeOf(buckets: Buckets, bucket: string, key: string): Written {
  if (bucket === buckets.curated) return partOf("curated", /^ecommerce\/([^/]+)\/(.+)$/, key);
  if (bucket === buckets.pending) return partOf("pending", /^ecommerce\/([^/]+)\/(.+)$/, key);
  if (bucket === buckets.quarantine) {
    if (key.startsWith("files/")) return { kind: "manifest" };
    if (key.startsWith("expired/")) return partOf("expired", /^expired\/([^/]+)\/(.+)$/, key);
    return partOf("quarantined", /^rows\/([^/]+)\/(.+)$/, key);
  }
  if (bucket === buckets.audit) {
    if (key.startsWith("violations/")) return { kind: "violations" };
    return partOf("metrics", /^metrics\/([^/]+)\/(.+)[.]json$/, key);
  }
  return { kind: "other" };
}

function partOf(
  kind: "curated" | "pending" | "quarantined" | "expired" | "metrics",
  form: RegExp,
  key: string,
): Written {
  const [, table, rest] = form.exec(key) ?? [];
  return table === undefined || rest === undefined ? { kind: "other" } : { kind, table, rest };
}

/** Table and rest of a raw key of the form `ecommerce/<table>-raw/…`. */
export function rawPlace(key: string): { table: string; rest: string } | undefined {
  const [, table, rest] = /^ecommerce\/([^/]+)-raw\/(.+)$/.exec(key) ?? [];
  return table === undefined || rest === undefined ? undefined : { table, rest };
}
