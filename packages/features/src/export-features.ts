import path from "node:path";
import { type FeatureGroup, type FeaturePlan, type FeatureSet, featureGroups } from "@penstock/contracts";
import { type DuckSession, inParallel, isS3Uri, type S3Uri, text, workDirectory } from "@penstock/runtime";
import type { FeaturesPorts } from "./ports.ts";

/**
 * Copies the objects of an attempt's features to a place of somebody's own, a folder a group below one of the attempt's.
 * Interactions of days after the run's last one, which it had to compute again, are left out. Its manifest is written last:
 * where it is, the export is whole.
 */
export async function exportFeatures(
  features: FeatureSet,
  { output_path: to, to: last, clean_to }: Pick<FeaturePlan, "output_path" | "to" | "clean_to">,
  { store, openSession }: Pick<FeaturesPorts, "store" | "openSession">,
): Promise<void> {
  if (to === null) return;
  await using work = await workDirectory();
  await using session = await openSession(path.join(work.path, "spill"), true);
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
  let later = 0;
  await inParallel(copies, async (copy, index) => {
    const whole = path.join(work.path, String(index));
    await store.download(copy.from, whole);
    const isCut = copy.group === "interaction" && clean_to > last;
    const file = isCut ? `${whole}-cut` : whole;
    const left = isCut ? await withoutLater(whole, file, as_of, session) : 0;
    later += left;
    await store.upload(file, copy.to, { contentType: "application/vnd.apache.parquet" });
  });
  const groups = featureGroups.map((group) => {
    const { version, rows: all } = features[group];
    const rows = group === "interaction" ? all - later : all;
    const objects = copies.filter((copy) => copy.group === group).map((copy) => copy.to);
    return [group, { version, rows, objects }] as const;
  });
  await store.putJson(`${place}manifest.json`, { attempt, run_id, as_of, ...Object.fromEntries(groups) });
}

/** Writes a file's interactions that happened before a moment to another file, and tells how many it left out. */
async function withoutLater(from: string, to: string, as_of: string, session: DuckSession): Promise<number> {
  const rows = `read_parquet(${text(from)}, hive_partitioning = false)`;
  const isLater = `occurred_at >= TIMESTAMP ${text(`${as_of.slice(0, 10)} 00:00:00`)}`;
  await session.run(
    `COPY (SELECT * FROM ${rows} WHERE NOT (${isLater})) TO ${text(to)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  const [counted] = await session.rows(`SELECT count(*) AS n FROM ${rows} WHERE ${isLater}`);
  return Number(counted?.n ?? 0);
}
