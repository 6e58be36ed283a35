import { contracts } from "@penstock/contracts";
import type { AuditedObject } from "@penstock/models";
import { inParallel, type ObjectFacts, s3Uri, UnsupportedFile } from "@penstock/runtime";
import * as v from "valibot";
import type { AnalyticsPorts } from "./ports.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What of a refine's metrics the audit reads. */
const RefineCounts = v.object({
  object: v.string(),
  table: v.string(),
  rows_in: count,
  columns: v.array(v.object({ column: v.string(), scan: v.string(), scanned: count, masked: count })),
});

/** The metrics of an object are some kilobytes, whatever it holds: what is larger is none of ours. */
const MOST_BYTES = 1024 * 1024;

/** What refining counted of the latest objects, and what of the history that does not cover. */
export interface Audited {
  readonly objects: readonly AuditedObject[];
  /** Among the latest, those whose metrics are not in their form. */
  readonly unreadable: number;
  /** Refined before the latest: not looked at. */
  readonly older: number;
  /** When the metrics of the oldest one looked at were written, ISO 8601; null without any. */
  readonly since: string | null;
}

/**
 * What refining counted of every object: `metrics/<table>/….json` of the audit bucket, at most the latest
 * `auditObjects` of all tables together, by the time at which they were written. Nothing expires there, so that
 * without a limit each build would read more than the one before.
 */
export async function auditedObjects({
  store,
  settings,
}: Pick<AnalyticsPorts, "store" | "settings">): Promise<Audited> {
  const most = settings.auditObjects;
  let latest: ObjectFacts[] = [];
  let seen = 0;
  for (const table of Object.keys(contracts)) {
    for await (const object of store.list(s3Uri(settings.audit, `metrics/${table}/`))) {
      seen++;
      latest.push(object);
      // The history may be larger than memory is to be.
      if (latest.length >= 2 * most) latest = latest.sort(latestFirst).slice(0, most);
    }
  }
  latest = latest.sort(latestFirst).slice(0, most);
  const found = await inParallel(latest, async ({ uri, bytes }) => {
    if (bytes > MOST_BYTES) return [];
    const parsed = v.safeParse(RefineCounts, await store.getJson(uri).catch(nothingIfNoJson));
    return parsed.success ? [parsed.output] : [];
  });
  const objects = found.flat();
  return {
    objects,
    unreadable: latest.length - objects.length,
    older: seen - latest.length,
    since: latest.at(-1)?.lastModified.toISOString() ?? null,
  };
}

function latestFirst(a: ObjectFacts, b: ObjectFacts): number {
  return b.lastModified.getTime() - a.lastModified.getTime() || (a.uri < b.uri ? -1 : 1);
}

function nothingIfNoJson(error: unknown): undefined {
  if (!(error instanceof UnsupportedFile)) throw error;
}
