import { BuildName } from "@penstock/contracts";
import { inParallel, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { prefixesOf } from "./manifest.ts";
import { martNames } from "./marts-plan.ts";
import type { MartsPorts } from "./ports.ts";

/**
 * Removes what earlier builds left: of the finished ones (those with a manifest) the newest `keepBuilds` stay, and
 * everything older than the oldest of these goes, finished or not, but for the current one and the one that queries read. Later builds stay and do not
 * count: a slower task must not clear away what another one writes. A manifest goes before its objects, so that none
 * speaks of what is not there. What this build itself left in an earlier attempt goes as well: an object that the new
 * attempt does not write again would be read with it.
 */
export async function removeSuperseded(
  {
    build,
    current,
    catalogued,
  }: {
    readonly build: string;
    readonly current: string | null;
    readonly catalogued?: string | null | undefined;
  },
  { store, settings }: Pick<MartsPorts, "store" | "settings">,
): Promise<void> {
  const manifests = new Map<string, S3Uri>();
  const root = s3Uri(settings.marts, "_builds/");
  for await (const { uri } of store.list(root)) {
    const name = uri.slice(root.length).replace(/\.json$/, "");
    if (v.is(BuildName, name) && name < build) manifests.set(name, uri);
  }
  const finished = [...manifests.keys()].toSorted().toReversed();
  const oldest = finished.slice(0, settings.keepBuilds).at(-1);
  const superseded = (name: string) =>
    oldest !== undefined &&
    finished.length >= settings.keepBuilds &&
    name < oldest &&
    name !== current &&
    name !== catalogued;
  const objects: S3Uri[] = [];
  for (const mart of martNames) {
    for await (const { uri } of store.list(s3Uri(settings.marts, `${mart}/build=`))) {
      const [, name = ""] = /\/build=([^/]+)\//.exec(uri) ?? [];
      if (superseded(name)) objects.push(uri);
    }
  }
  for (const prefix of prefixesOf(build, settings.marts)) {
    for await (const { uri } of store.list(prefix)) objects.push(uri);
  }
  const spoken = [...manifests].filter(([name]) => superseded(name));
  await inParallel(spoken, ([, uri]) => store.remove(uri));
  await inParallel(objects, (uri) => store.remove(uri));
}
