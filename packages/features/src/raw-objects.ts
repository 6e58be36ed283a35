import type { RawObject } from "@penstock/contracts";
import { type ObjectFacts, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import { dayOf } from "./run-window.ts";

/** What lies in the raw bucket of some days. */
export interface RawDays {
  /** Objects of JSON lines by day, in order of their keys. */
  readonly days: ReadonlyMap<string, readonly RawObject[]>;
  /** What is no JSON lines by its name, or in the folder of no day. */
  readonly ignored: readonly S3Uri[];
}

const KEY = /^interactions\/year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/(?:[^/]+\/)*([^/]+)$/;
const LINES = /[.](?:jsonl|json|ndjson)(?:[.]gz)?$/i;
/** What hides an object from every reader. */
const HIDDEN = /^[_.]/;

/** Lists the raw interactions of days, or of all that there are. */
export async function rawObjects(
  store: Pick<ObjectStore, "list">,
  bucket: string,
  days?: readonly string[],
): Promise<RawDays> {
  const prefixes = days?.map(rawPrefix) ?? ["interactions/"];
  const found: ObjectFacts[] = [];
  for (const prefix of prefixes)
    for await (const object of store.list(s3Uri(bucket, prefix))) found.push(object);
  const root = s3Uri(bucket, "");
  const byDay = new Map<string, RawObject[]>();
  const ignored: S3Uri[] = [];
  for (const { uri, etag, bytes, lastModified } of found.toSorted((a, b) => (a.uri < b.uri ? -1 : 1))) {
    const [, year, month, date, name = ""] = KEY.exec(uri.slice(root.length)) ?? [];
    if (HIDDEN.test(name) || uri.endsWith("/")) continue;
    const day = `${year}-${month}-${date}`;
    if (!isDay(day) || !LINES.test(name)) {
      ignored.push(uri);
      continue;
    }
    const objects = byDay.get(day) ?? [];
    byDay.set(day, objects);
    objects.push({ uri, etag, bytes, last_modified: lastModified.toISOString() });
  }
  return { days: byDay, ignored };
}

/** Prefix of a day's raw interactions. */
export function rawPrefix(day: string): string {
  const [year, month, date] = day.split("-");
  return `interactions/year=${year}/month=${month}/day=${date}/`;
}

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && dayOf(moment) === text;
}
