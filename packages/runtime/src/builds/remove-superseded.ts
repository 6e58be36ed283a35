import { BuildName } from "@penstock/contracts";
import * as v from "valibot";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { parseS3Uri, type S3Uri, s3Uri } from "../uri.ts";

/** A bucket where builds lie beside each other. */
export interface BuildsBucket {
  readonly bucket: string;
  /** Tables, each with a folder `build=…` per build. */
  readonly tables: readonly string[];
  /** Prefix of the heads of all builds: `_builds/`. */
  readonly headsPrefix: string;
  /** Keys of what speaks of a build, each written after all that it speaks of: with all of them it is whole. */
  readonly headsOf: (build: string) => readonly string[];
}

/** Which builds stay when one is about to be written. */
export interface KeptBuilds {
  /** The build to be written. */
  readonly build: string;
  /** Builds that somebody reads, however old; null where there is none. */
  readonly read: readonly (string | null | undefined)[];
  /** So many whole builds before this one stay, the newest. */
  readonly keepBuilds: number;
}

/** What Glue's catalogue knows of a bucket of builds. Crawlers find partitions; none of ours lets one go. */
export interface BuildCatalogue {
  /** Removes a table's partitions of builds before one, but for those that are read. */
  removePartitions(
    table: string,
    goes: { readonly before: string; readonly read: KeptBuilds["read"] },
  ): Promise<void>;
}

/**
 * Removes what earlier builds left, before a new one is written. There stay builds that are read, the newest
 * `keepBuilds` that are whole, and what lies between these; everything older goes, whole or not. Later builds stay and
 * do not count: a slower task must not clear away what another one writes. What this build itself left in an earlier
 * attempt goes as well: an object that the new attempt does not write again would be read with it.
 *
 * Heads go before their objects, and so do partitions, so that none speaks of what is not there. Partitions are looked
 * for in the catalogue and not told from the objects: a crawl that was late may have added some of a build that is gone.
 */
export async function removeSuperseded(
  { bucket, tables, headsPrefix, headsOf }: BuildsBucket,
  { build: own, read, keepBuilds }: KeptBuilds,
  {
    store,
    catalogue,
  }: { readonly store: Pick<ObjectStore, "list" | "remove">; readonly catalogue: BuildCatalogue },
): Promise<void> {
  const listed = async (prefix: string) => {
    const found: { readonly uri: S3Uri; readonly key: string; readonly build: string }[] = [];
    for await (const { uri } of store.list(s3Uri(bucket, prefix))) {
      const { key } = parseS3Uri(uri);
      const [build = ""] = key.slice(prefix.length).split(/\/|\.json$/);
      if (v.is(BuildName, build) && build <= own) found.push({ uri, key, build });
    }
    return found;
  };
  const heads = await listed(headsPrefix);
  const keys = new Set(heads.map(({ key }) => key));
  const whole = [...new Set(heads.map(({ build }) => build))]
    .filter((build) => build !== own && headsOf(build).every((key) => keys.has(key)))
    .toSorted();
  const oldestKept = whole.at(-keepBuilds);
  const goes = (build: string) =>
    build === own || (oldestKept !== undefined && build < oldestKept && !read.includes(build));
  const remove = (listing: Awaited<ReturnType<typeof listed>>) =>
    inParallel(
      listing.filter(({ build }) => goes(build)),
      ({ uri }) => store.remove(uri),
    );
  await remove(heads);
  if (oldestKept !== undefined)
    await inParallel(tables, (table) => catalogue.removePartitions(table, { before: oldestKept, read }));
  const objects = await inParallel(tables, (table) => listed(`${table}/build=`));
  await remove(objects.flat());
}
