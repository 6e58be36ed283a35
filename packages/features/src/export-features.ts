import path from "node:path";
import { type FeatureSet, featureGroups } from "@penstock/contracts";
import { inParallel, isS3Uri, type ObjectStore, type S3Uri, workDirectory } from "@penstock/runtime";

/** Copies the objects of an attempt's features to a place of somebody's own, a folder a group. */
export async function exportFeatures(features: FeatureSet, to: S3Uri, store: ObjectStore): Promise<void> {
  await using work = await workDirectory();
  const place = to.endsWith("/") ? to : `${to}/`;
  const copies = featureGroups.flatMap((group) =>
    features[group].objects
      .map(({ uri }) => uri)
      .filter(isS3Uri)
      .map((from, index): { from: S3Uri; to: S3Uri } => ({
        from,
        to: `${place as S3Uri}${group}/part-${index}.parquet`,
      })),
  );
  await inParallel(copies, async (copy, index) => {
    const file = path.join(work.path, String(index));
    await store.download(copy.from, file);
    await store.upload(file, copy.to, { contentType: "application/vnd.apache.parquet" });
  });
}
