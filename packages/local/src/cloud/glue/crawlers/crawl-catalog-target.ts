import * as v from "valibot";
import { type PartitionInput, TableInput } from "../catalog/shapes.ts";
import { type CrawlCalls, placeOf, visibleObjects } from "./crawl-calls.ts";
import type { CatalogTarget, CrawlerDefinition } from "./crawler.ts";
import { folderValue } from "./find-tables.ts";
import { changePartitions } from "./partition-changes.ts";

const Answer = v.object({ Table: TableInput });

/**
 * Finds the partitions of tables that are there: the folders below the table's place, one for each of its keys, as
 * `key=value` or as the value alone. Columns stay as they are declared, and partitions have the table's.
 */
export async function crawlCatalogTarget(
  { DatabaseName, Tables }: CatalogTarget,
  { SchemaChangePolicy }: CrawlerDefinition,
  call: CrawlCalls,
): Promise<void> {
  for (const TableName of Tables) {
    const { Table } = v.parse(Answer, await call("glue", "getTable", { DatabaseName, Name: TableName }));
    if (Table.PartitionKeys.length === 0) continue;
    await changePartitions(
      call,
      { DatabaseName, TableName },
      {
        found: await partitionsOf(Table, call),
        mayDelete: SchemaChangePolicy.DeleteBehavior === "DELETE_FROM_DATABASE",
      },
    );
  }
}

async function partitionsOf(table: TableInput, call: CrawlCalls): Promise<PartitionInput[]> {
  const { Location } = table.StorageDescriptor ?? {};
  if (Location === undefined) return [];
  const { bucket, prefix } = placeOf(Location.endsWith("/") ? Location : `${Location}/`);
  const keys = table.PartitionKeys.map(({ Name }) => Name.toLowerCase());
  const found = new Map<string, PartitionInput>();
  for (const { key } of await visibleObjects(call, { bucket, prefix })) {
    const folders = key.slice(prefix.length).split("/").slice(0, -1);
    const own = folders.slice(0, keys.length);
    if (own.length < keys.length || own.some((folder, at) => isForeign(folder, keys[at]))) continue;
    const path = own.join("/");
    if (found.has(path)) continue;
    found.set(path, {
      Values: own.map(folderValue),
      StorageDescriptor: {
        Columns: [],
        ...table.StorageDescriptor,
        Location: `s3://${bucket}/${prefix}${path}/`,
      },
    });
  }
  return [...found.values()];
}

/** A folder that names another key than the one that should stand there. */
function isForeign(folder: string, key: string | undefined): boolean {
  const named = /^([^=]+)=/.exec(folder)?.[1];
  return named !== undefined && named.toLowerCase() !== key;
}
