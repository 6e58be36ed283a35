import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { EVENT_TIME_FORM, utcMoment } from "@penstock/contracts";
import { type ObjectFacts, type ObjectStore, type S3Uri, s3Uri, workDirectory } from "@penstock/runtime";
import * as v from "valibot";
import { rawPrefix } from "./raw-objects.ts";
import type { FeaturesSettings } from "./settings.ts";

/** Where Firehose puts what it cannot deliver: below it the kind of error and the day on which it came. */
export const UNDELIVERABLE = "undeliverable/";

/** What is asked of it: to tell what lies there, or to deliver it; `after` goes on behind an object of the call before. */
export const UndeliverableInput = v.strictObject({
  deliver: v.boolean(),
  after: v.nullish(v.string(), null),
});
export type UndeliverableInput = v.InferOutput<typeof UndeliverableInput>;

/** What lies there. `records` = `deliverable` + `left`. */
export interface Undeliverable {
  readonly objects: number;
  readonly records: number;
  /** Records by Firehose's word for what was wrong. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Records that name their day; they are delivered by now where that was asked for. */
  readonly deliverable: number;
  /** Records that are no JSON or name no day, which nobody can put anywhere. They stay. */
  readonly left: number;
  /** Days of those that can be delivered. */
  readonly days: readonly string[];
  /** Where the next call goes on; null when all has been looked at. */
  readonly next: string | null;
}

/** Bytes of objects that one call reads, so that it ends before its function does. */
const MOST_BYTES = 64 * 1024 ** 2;

/** A line of an error object. Source: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html */
const Failed = v.object({ rawData: v.string(), errorCode: v.optional(v.string(), "unknown") });
const Dated = v.object({ timestamp: v.pipe(v.string(), v.regex(new RegExp(`^${EVENT_TIME_FORM}$`))) });

/** What one object of Firehose's has. */
interface Aside {
  readonly reasons: readonly string[];
  /** Lines of interactions by their day in UTC. */
  readonly byDay: ReadonlyMap<string, readonly string[]>;
  /** The object's own lines of the others, as they are. */
  readonly left: readonly string[];
}

/**
 * Tells what Firehose put aside, and delivers it when asked: each record as it was sent, as an object of JSON lines in the
 * folder of its day. It goes past the stream, which would put it aside again for the same reason. The objects are named by
 * what is in them, so that a call that is cut off and made again writes the same ones; an object of Firehose's goes, or
 * keeps what is left, after all of its records have a place.
 */
export async function undeliverable(
  { deliver, after }: UndeliverableInput,
  {
    store,
    settings: { interactions: bucket },
  }: { readonly store: ObjectStore; readonly settings: Pick<FeaturesSettings, "interactions"> },
): Promise<Undeliverable> {
  await using work = await workDirectory();
  const file = path.join(work.path, "object");
  const { objects, next } = await nextObjects(bucket, after, store);
  const days = new Set<string>();
  const reasons: Record<string, number> = {};
  let records = 0;
  let left = 0;
  for (const { uri } of objects) {
    await store.download(uri, file);
    const aside = read(await readFile(file));
    for (const reason of aside.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1;
    records += aside.reasons.length;
    left += aside.left.length;
    for (const day of aside.byDay.keys()) days.add(day);
    if (!deliver || aside.byDay.size === 0) continue;
    for (const [day, lines] of aside.byDay) await put(dayObject(bucket, day, lines), lines, { store, file });
    if (aside.left.length === 0) await store.remove(uri);
    else await put(uri, aside.left, { store, file });
  }
  return {
    objects: objects.length,
    records,
    reasons,
    deliverable: records - left,
    left,
    days: [...days].toSorted(),
    next,
  };
}

async function nextObjects(
  bucket: string,
  after: string | null,
  store: Pick<ObjectStore, "list">,
): Promise<{ objects: readonly ObjectFacts[]; next: string | null }> {
  const all: ObjectFacts[] = [];
  for await (const object of store.list(s3Uri(bucket, UNDELIVERABLE)))
    if (object.bytes > 0 && (after === null || object.uri > after)) all.push(object);
  all.sort((a, b) => (a.uri < b.uri ? -1 : 1));
  let bytes = 0;
  const beyond = all.findIndex((object, index) => {
    bytes += object.bytes;
    return index > 0 && bytes > MOST_BYTES;
  });
  const objects = beyond < 0 ? all : all.slice(0, beyond);
  return { objects, next: beyond < 0 ? null : (objects.at(-1)?.uri ?? null) };
}

/** Gzip is known by its first bytes: what the stream compresses, its error objects may be or not. */
function read(bytes: Buffer): Aside {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const lines = (isPacked ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
  const reasons: string[] = [];
  const byDay = new Map<string, string[]>();
  const left: string[] = [];
  for (const line of lines.filter((each) => each.trim() !== "")) {
    const failed = v.safeParse(Failed, parsed(line));
    reasons.push(failed.success ? failed.output.errorCode : "unknown");
    const record = failed.success ? recordOf(failed.output.rawData) : undefined;
    if (record === undefined) left.push(line);
    else {
      const ofDay = byDay.get(record.day);
      if (ofDay === undefined) byDay.set(record.day, [record.line]);
      else ofDay.push(record.line);
    }
  }
  return { reasons, byDay, left };
}

/** A record as one line, and its day; undefined for one that names none. */
function recordOf(rawData: string): { readonly day: string; readonly line: string } | undefined {
  const sent = Buffer.from(rawData, "base64").toString("utf8").trim();
  const value = parsed(sent);
  const dated = v.safeParse(Dated, value);
  if (!dated.success) return undefined;
  const day = utcMoment(dated.output.timestamp).slice(0, 10);
  return { day, line: /[\r\n]/.test(sent) ? JSON.stringify(value) : sent };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function dayObject(bucket: string, day: string, lines: readonly string[]): S3Uri {
  const digest = createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16);
  return s3Uri(bucket, `${rawPrefix(day)}undeliverable-${digest}.jsonl.gz`);
}

async function put(
  uri: S3Uri,
  lines: readonly string[],
  { store, file }: { readonly store: Pick<ObjectStore, "upload">; readonly file: string },
): Promise<void> {
  await writeFile(file, gzipSync(`${lines.join("\n")}\n`));
  await store.upload(file, uri, { contentType: "application/gzip" });
}
