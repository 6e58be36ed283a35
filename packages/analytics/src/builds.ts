import { reportKey, type SystemName, systems } from "@penstock/contracts";
import { inParallel, parseS3Uri, type S3Uri, s3Uri } from "@penstock/runtime";
import type { AnalyticsPorts } from "./ports.ts";
import type { SystemInput } from "./system-input.ts";

/**
 * Removes what superseded builds wrote to a system's bucket, before a new one is written. There stay the build that is
 * read at present, the latest `keepBuilds` that are whole (every head is there; heads are written last) with what lies
 * between them, and builds later than `build`: a slower task must not clear away what another one writes.
 */
export async function removeSuperseded(
  system: SystemName,
  { build: own, current }: Pick<SystemInput, "build" | "current">,
  { store, settings }: Pick<AnalyticsPorts, "store" | "settings">,
): Promise<void> {
  const bucket = settings.prod[system];
  const builds = new Map<string, S3Uri[]>();
  const reports = Object.entries(systems[system].reports);
  for (const place of ["_reports/", ...reports.map(([, { table }]) => `${table.name}/build=`)]) {
    for await (const { uri } of store.list(s3Uri(bucket, place))) {
      const build = /^(?:_reports\/|[^/]+\/build=)([^/]+)\//.exec(parseS3Uri(uri).key)?.[1];
      if (build === undefined || build >= own) continue;
      const objects = builds.get(build) ?? [];
      builds.set(build, objects);
      objects.push(uri);
    }
  }
  const isWhole = (build: string, objects: readonly S3Uri[]) =>
    reports.every(([name]) => objects.includes(s3Uri(bucket, reportKey(build, name))));
  const whole = [...builds].filter(([build, objects]) => isWhole(build, objects)).map(([build]) => build);
  const oldestKept = whole.sort().at(-settings.keepBuilds);
  if (oldestKept === undefined) return;
  const superseded = [...builds].filter(([build]) => build < oldestKept && build !== current);
  await inParallel(
    superseded.flatMap(([, objects]) => objects),
    (uri) => store.remove(uri),
  );
}
