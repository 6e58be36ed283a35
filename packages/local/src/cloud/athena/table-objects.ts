import { isS3Uri, type ObjectFacts, type ObjectStore, parseS3Uri, UnsupportedSql } from "@penstock/runtime";
import type { CatalogClient, CatalogTable } from "./catalog-client.ts";

/** A partition with what lies in it; a table without partition keys is one without values. */
export interface TablePartition {
  readonly values: readonly string[];
  /** Of a registered partition. */
  readonly location?: string;
  /** Lists its objects. */
  readonly objects: () => Promise<readonly ObjectFacts[]>;
}

/** As Athena: empty objects stand for folders, and what has a name with a dot or an underscore before it is hidden. */
function isVisible({ uri, bytes }: ObjectFacts, below: string): boolean {
  return bytes > 0 && !/(^|\/)[._]/.test(uri.slice(below.length));
}

/** Where tables' objects lie, for one query: every place is listed once. */
export class TableObjects {
  readonly #store: ObjectStore;
  readonly #catalog: CatalogClient;
  readonly #listed = new Map<string, Promise<ObjectFacts[]>>();

  constructor(store: ObjectStore, catalog: CatalogClient) {
    this.#store = store;
    this.#catalog = catalog;
  }

  /**
   * A table's partitions: those that are registered; those that the keys of the objects tell where the table projects
   * them. @throws UnsupportedSql for a place that is not in S3
   */
  async partitionsOf(table: CatalogTable): Promise<TablePartition[]> {
    const { partitionKeys, projected, database, name } = table;
    const place = folder(table.location);
    if (partitionKeys.length === 0) return [{ values: [], objects: () => this.#below(table, place) }];
    if (projected) return projectedPartitions(table, place, await this.#below(table, place));
    const registered = await this.#catalog.partitions(database, name);
    return registered.map(({ values, location }) => ({
      values,
      location,
      objects: () => this.#below(table, folder(location)),
    }));
  }

  /** Lists places that lie side by side by one look at what they have in common. */
  prepare(table: CatalogTable, places: readonly string[]): void {
    const [first, ...others] = places.map(folder);
    if (first === undefined || others.length === 0) return;
    const common = others.reduce(commonStart, first);
    if (!/^s3:\/\/[^/]+\//.test(common)) return;
    const all = this.#list(table, common);
    for (const place of [first, ...others]) {
      const own = all.then((objects) => objects.filter(({ uri }) => uri.startsWith(place)));
      // Who asks for the place hears of it.
      own.catch(() => {});
      this.#listed.set(place, own);
    }
  }

  async #below(table: CatalogTable, place: string): Promise<readonly ObjectFacts[]> {
    return (await this.#list(table, place)).filter((object) => isVisible(object, place));
  }

  #list({ database, name }: CatalogTable, place: string): Promise<ObjectFacts[]> {
    const known = this.#listed.get(place);
    if (known !== undefined) return known;
    if (!isS3Uri(place)) throw new UnsupportedSql(`the table ${database}.${name} at ${place}`);
    const listed = all(this.#store.list(place));
    this.#listed.set(place, listed);
    return listed;
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function folder(location: string): string {
  return location.endsWith("/") ? location : `${location}/`;
}

function commonStart(left: string, right: string): string {
  let end = 0;
  while (end < left.length && left[end] === right[end]) end += 1;
  return left.slice(0, end);
}

/** Groups objects by the values in their keys: `year=2025/month=01/`. */
function projectedPartitions(
  { partitionKeys }: CatalogTable,
  place: string,
  objects: readonly ObjectFacts[],
): TablePartition[] {
  const below = parseS3Uri(isS3Uri(place) ? place : "s3://_/").key.length;
  const groups = new Map<string, ObjectFacts[]>();
  for (const object of objects) {
    const folders = parseS3Uri(object.uri).key.slice(below).split("/").slice(0, -1);
    const given = new Map(folders.map((each) => pairOf(each)));
    const values = partitionKeys.map(({ name }) => given.get(name));
    if (values.includes(undefined)) continue;
    const key = JSON.stringify(values);
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  return [...groups].map(([values, of]) => ({
    values: JSON.parse(values),
    objects: () => Promise.resolve(of),
  }));
}

function pairOf(part: string): [name: string, value: string] {
  const at = part.indexOf("=");
  const value = part.slice(at + 1);
  return [part.slice(0, Math.max(at, 0)).toLowerCase(), /%[0-9a-f]{2}/i.test(value) ? decoded(value) : value];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
