import path from "node:path";
import {
  type FeatureTableObjects,
  type featureGroups,
  featuresPrefix,
  featureTables,
} from "@penstock/contracts";
import {
  type DuckSession,
  inParallel,
  type ObjectStore,
  type S3Uri,
  s3Uri,
  text,
  toEngine,
} from "@penstock/runtime";

export type FeatureGroup = (typeof featureGroups)[number];

/** Where a try of a group's query wrote, or is to: the folder of the try below the attempt's. */
export function tryPrefix(
  bucket: string,
  group: FeatureGroup,
  { to, attempt, tried }: { readonly to: string; readonly attempt: string; readonly tried: string },
): S3Uri {
  const { version } = featureTables[group];
  return s3Uri(bucket, `${featuresPrefix(group, { version, to, attempt })}try=${tried}/`);
}

/** The Parquet objects below a prefix, in the order of their keys; hidden ones are none of them. */
export async function objectsBelow(prefix: S3Uri, store: Pick<ObjectStore, "list">): Promise<S3Uri[]> {
  const found: S3Uri[] = [];
  for await (const { uri, bytes } of store.list(prefix))
    if (bytes > 0 && !/(^|\/)[._]/.test(uri.slice(prefix.length))) found.push(uri);
  return found.toSorted();
}

/** Objects that stand on local disk too. */
export interface LocalObjects {
  readonly files: readonly string[];
  readonly objects: FeatureTableObjects["objects"];
}

/** Brings objects to local disk, and counts their rows. The files are named by their place in the list. */
export async function fetchObjects(
  uris: readonly S3Uri[],
  folder: string,
  { store, session }: { readonly store: ObjectStore; readonly session: DuckSession },
): Promise<LocalObjects> {
  const fetched = await inParallel(uris, async (uri, index) => {
    const file = path.join(folder, `${index}.parquet`);
    const { bytes } = await store.download(uri, file);
    return { uri, file, bytes };
  });
  const counts = await session.all(
    fetched.map(
      ({ file }) => `SELECT count(*) AS n FROM read_parquet(${text(file)}, hive_partitioning = false)`,
    ),
  );
  return {
    files: fetched.map(({ file }) => file),
    objects: fetched.map(({ uri, bytes }, index) => ({ uri, rows: Number(counts[index]?.[0]?.n), bytes })),
  };
}

/** A view over files; without any, one of no rows with the columns of the table. */
export function viewOfRows(
  columns: readonly { readonly name: string; readonly type: string }[],
  files: readonly string[],
): string {
  if (files.length > 0)
    return `SELECT * FROM read_parquet([${files.map(text).join(", ")}], hive_partitioning = false)`;
  const nulls = columns.map(
    ({ name, type }) => `CAST(NULL AS ${type === "string" ? "varchar" : type}) AS "${name}"`,
  );
  return toEngine(`SELECT * FROM (SELECT ${nulls.join(", ")}) none WHERE 1 = 0`, "duckdb");
}

/** The objects of a table of features as manifests name them. */
export function tableObjects(
  group: FeatureGroup,
  objects: FeatureTableObjects["objects"],
): FeatureTableObjects {
  const sum = (of: "rows" | "bytes") => objects.reduce((total, object) => total + object[of], 0);
  return { version: featureTables[group].version, rows: sum("rows"), bytes: sum("bytes"), objects };
}
