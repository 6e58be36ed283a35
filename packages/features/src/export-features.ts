import path from "node:path";
import { type FeatureGroup, type FeatureSet, featureGroups } from "@penstock/contracts";
import { inParallel, isS3Uri, type ObjectStore, type S3Uri, workDirectory } from "@penstock/runtime";

/**
 * Copies the objects of an attempt's features to a place of somebody's own, a folder a group below one of the attempt's.
 * Its manifest is written last: where it is, the export is whole.
 */
export async function exportFeatures(features: FeatureSet, to: S3Uri, store: ObjectStore): Promise<void> {
  await using work = await workDirectory();
  const { attempt, run_id, as_of } = features;
  const place: S3Uri = `${to}${to.endsWith("/") ? "" : "/"}${attempt}/`;
  const copies = featureGroups.flatMap((group) =>
    features[group].objects
      .map(({ uri }) => uri)
      .filter(isS3Uri)
      .map((from, index): { group: FeatureGroup; from: S3Uri; to: S3Uri } => ({
        group,
        from,
        to: `${place}${group}/part-${index}.parquet`,
      })),
  );
  await inParallel(copies, async (copy, index) => {
    const file = path.join(work.path, String(index));
    await store.download(copy.from, file);
    await store.upload(file, copy.to, { contentType: "application/vnd.apache.parquet" });
  });
  const groups = featureGroups.map((group) => {
    const { version, rows } = features[group];
    const objects = copies.filter((copy) => copy.group === group).map((copy) => copy.to);
    return [group, { version, rows, objects }] as const;
  });
  await store.putJson(`${place}manifest.json`, { attempt, run_id, as_of, ...Object.fromEntries(groups) });
}
