import type { CatalogueSnapshot } from "@penstock/contracts";
import { type ObjectStore, s3Uri } from "@penstock/runtime";

const KEY = /^(?:products|users)\/date=(\d{4}-\d{2}-\d{2})\/([^/_.][^/]*)[.]parquet$/;

/**
 * The catalogues that hold on the days from one to another, each source's in the order of their dates.
 *
 * A source is an object's name, without the number of a part (`shop-0.parquet` and `shop-1.parquet` are of `shop`): shop
 * and lake each write whole catalogues of their own, on days of their own. What a source said last holds until it says
 * something else; before its first word, that word. A snapshot that repeats the one before is left out.
 */
export async function catalogueSnapshots(
  store: Pick<ObjectStore, "list">,
  { bucket, table, from, to }: { bucket: string; table: "products" | "users"; from: string; to: string },
): Promise<CatalogueSnapshot[]> {
  const root = s3Uri(bucket, "");
  const found = new Map<string, Map<string, { snapshot: CatalogueSnapshot; content: string[] }>>();
  for await (const { uri, etag, bytes } of store.list(s3Uri(bucket, `${table}/`))) {
    const [, date = "", name = ""] = KEY.exec(uri.slice(root.length)) ?? [];
    if (date === "") continue;
    const source = name.replace(/-\d+$/, "");
    const dates = found.get(source) ?? new Map();
    found.set(source, dates);
    const one = dates.get(date) ?? { snapshot: { source, date, uris: [] }, content: [] };
    dates.set(date, one);
    one.snapshot.uris.push(uri);
    one.content.push(`${name} ${etag} ${bytes}`);
  }
  return [...found.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, dates]) => {
      const all = [...dates.values()].toSorted((a, b) => (a.snapshot.date < b.snapshot.date ? -1 : 1));
      const different = all.filter(({ content }, index) => {
        const before = all[index - 1]?.content;
        return before === undefined || before.toSorted().join() !== content.toSorted().join();
      });
      const snapshots = different.map(({ snapshot }) => ({ ...snapshot, uris: snapshot.uris.toSorted() }));
      const within = snapshots.filter(({ date }) => date <= to);
      const held = within.findLastIndex(({ date }) => date <= from);
      // Before its first day a catalogue holds as well, for want of another.
      return within.length === 0 ? snapshots.slice(0, 1) : within.slice(Math.max(0, held));
    });
}
