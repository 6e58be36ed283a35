import type { CatalogueSnapshot, CatalogueTable } from "@penstock/contracts";
import { type ObjectStore, s3Uri } from "@penstock/runtime";
import { type CatalogueDigests, stateName } from "./catalogue-digests.ts";
import { daysAfter } from "./run-window.ts";

/** The source of the snapshots that are taken of the lake's curated zone. */
export const CURATED = "curated";

const KEY = /^(?:products|users)\/date=(\d{4}-\d{2}-\d{2})\/([^/_.][^/]*)[.]parquet$/;

interface Found {
  readonly snapshot: CatalogueSnapshot;
  /** Name and digest of each object; an object that nobody has read yet is like no other. */
  readonly content: string[];
}

/**
 * The catalogues that hold on the days from one to another, each source's in the order of their dates.
 *
 * A source is an object's name, without the number of a part (`shop-0.parquet` and `shop-1.parquet` are of `shop`): shop
 * and lake each write whole catalogues of their own, on days of their own. What a source said last holds until it says
 * something else; before its first word, that word. None of a date after `to` is among them, unless there is no other. A
 * snapshot that repeats the one before is left out.
 */
export async function catalogueSnapshots(
  store: Pick<ObjectStore, "list">,
  wanted: {
    readonly bucket: string;
    readonly table: CatalogueTable;
    readonly from: string;
    readonly to: string;
    readonly digests: CatalogueDigests;
  },
): Promise<CatalogueSnapshot[]> {
  const { from, to } = wanted;
  const sources = await foundSnapshots(store, wanted);
  return [...sources.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, dates]) => {
      const all = [...dates.values()].toSorted((a, b) => (a.snapshot.date < b.snapshot.date ? -1 : 1));
      const different = all.filter(({ content }, index) => {
        const before = all[index - 1]?.content;
        return before === undefined || before.toSorted().join() !== content.toSorted().join();
      });
      const snapshots = different.map(({ snapshot }) => ({
        ...snapshot,
        objects: snapshot.objects.toSorted((a, b) => (a.uri < b.uri ? -1 : 1)),
      }));
      const within = snapshots.filter(({ date }) => date <= to);
      const held = within.findLastIndex(({ holds_from }) => holds_from <= from);
      // Before its first day a catalogue holds as well, for want of another.
      return within.length === 0 ? snapshots.slice(0, 1) : within.slice(Math.max(0, held));
    });
}

/** Snapshots by their source and date. */
async function foundSnapshots(
  store: Pick<ObjectStore, "list">,
  {
    bucket,
    table,
    digests,
  }: { readonly bucket: string; readonly table: CatalogueTable; readonly digests: CatalogueDigests },
): Promise<Map<string, Map<string, Found>>> {
  const root = s3Uri(bucket, "");
  const found = new Map<string, Map<string, Found>>();
  for await (const object of store.list(s3Uri(bucket, `${table}/`))) {
    const { uri } = object;
    const [, date = "", name = ""] = KEY.exec(uri.slice(root.length)) ?? [];
    if (date === "") continue;
    const source = name.replace(/-\d+$/, "");
    const dates = found.get(source) ?? new Map<string, Found>();
    found.set(source, dates);
    const empty = { source, date, holds_from: holdsFrom(source, date), objects: [] };
    const one = dates.get(date) ?? { snapshot: empty, content: [] };
    dates.set(date, one);
    one.snapshot.objects.push({ uri, etag: object.etag, bytes: object.bytes });
    one.content.push(`${name} ${digests.get(stateName(object)) ?? uri}`);
  }
  return found;
}

/**
 * A shop dates a catalogue by the day on which it begins to hold. What was taken in the course of a day holds from the next
 * midnight on: events before the moment it was taken must not see it.
 */
function holdsFrom(source: string, date: string): string {
  return source === CURATED ? daysAfter(date, 1) : date;
}
