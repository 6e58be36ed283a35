import { createHash } from "node:crypto";
import * as v from "valibot";
import { type PartitionInput, type StorageDescriptor, TableInput } from "../catalog/shapes.ts";
import { type CrawlCalls, placeOf, type SeenObject, visibleObjects } from "./crawl-calls.ts";
import { type CrawlerDefinition, configurationOf, isMissing, type S3Target } from "./crawler.ts";
import { exclusionOf } from "./exclusions.ts";
import { type FoundFile, type FoundTable, findTables, tableName } from "./find-tables.ts";
import { mergedColumns } from "./merge-columns.ts";
import { parquetFacts } from "./parquet-schema.ts";
import { changePartitions } from "./partition-changes.ts";

const Answer = v.object({ Table: TableInput });
/** Footers that are read at once. */
const AT_ONCE = 8;

/** How many tables a crawl made and changed. */
export interface TargetTally {
  readonly created: number;
  readonly updated: number;
  /** Names of the tables that the target has. */
  readonly names: readonly string[];
}

/** Infers the tables of an S3 target from its folders and Parquet footers, and brings the catalogue up to date. */
export async function crawlS3Target(
  target: S3Target,
  crawler: CrawlerDefinition,
  call: CrawlCalls,
): Promise<TargetTally> {
  const { bucket, prefix } = placeOf(target.Path);
  const excluded = exclusionOf(target.Exclusions);
  const own = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  const objects = (await visibleObjects(call, { bucket, prefix })).filter(
    ({ key }) => (key.startsWith(own) || key === prefix) && !excluded(key.slice(own.length)),
  );
  const files = await readFooters(objects, bucket, target.SampleSize, call);
  const folder = own !== prefix && files.some(({ key }) => key === prefix) ? folderOf(prefix) : own;
  const found = findTables(files, { bucket, folder, level: configurationOf(crawler).tableLevel });
  let [created, updated] = [0, 0];
  const names: string[] = [];
  for (const table of found) {
    const { name, change } = await keepTable(table, bucket, crawler, call);
    names.push(name);
    if (change === "created") created += 1;
    if (change === "updated") updated += 1;
  }
  return { created, updated, names };
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1);
}

async function readFooters(
  objects: readonly SeenObject[],
  bucket: string,
  sampleSize: number | undefined,
  call: CrawlCalls,
): Promise<FoundFile[]> {
  const seen = new Map<string, number>();
  const found: FoundFile[] = [];
  for (let at = 0; at < objects.length; at += AT_ONCE) {
    const some = objects.slice(at, at + AT_ONCE).map(async (object): Promise<FoundFile> => {
      const count = (seen.get(folderOf(object.key)) ?? 0) + 1;
      seen.set(folderOf(object.key), count);
      if (sampleSize !== undefined && count > sampleSize) return { ...object, rows: 0, columns: undefined };
      return { ...object, ...(await parquetFacts(call, bucket, object)) };
    });
    found.push(...(await Promise.all(some)));
  }
  return found;
}

function descriptorOf(columns: FoundTable["columns"], uri: string, parameters: Record<string, string>) {
  return {
    Columns: [...columns],
    Location: uri,
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    Compressed: false,
    NumberOfBuckets: -1,
    SerdeInfo: {
      SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      Parameters: { "serialization.format": "1" },
    },
    BucketColumns: [],
    SortColumns: [],
    Parameters: parameters,
    StoredAsSubDirectories: false,
  } satisfies StorageDescriptor;
}

function statistics(files: readonly FoundFile[]): Record<string, string> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return {
    classification: "parquet",
    compressionType: "none",
    typeOfData: "file",
    CrawlerSchemaDeserializerVersion: "1.0",
    CrawlerSchemaSerializerVersion: "1.0",
    averageRecordSize: String(rows === 0 ? 0 : Math.round(bytes / rows)),
    objectCount: String(files.length),
    recordCount: String(rows),
    sizeKey: String(bytes),
  };
}

/** Makes the table or changes it as the crawler may; its partitions too. */
async function keepTable(
  found: FoundTable,
  bucket: string,
  crawler: CrawlerDefinition,
  call: CrawlCalls,
): Promise<{ name: string; change: "created" | "updated" | "none" }> {
  const DatabaseName = crawler.DatabaseName ?? "";
  const location = `s3://${bucket}/${found.prefix}`;
  const parameters = { ...statistics(found.files), UPDATED_BY_CRAWLER: crawler.Name };
  const get = async (Name: string): Promise<TableInput | undefined> => {
    try {
      return v.parse(Answer, await call("glue", "getTable", { DatabaseName, Name })).Table;
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  };
  let name = tableName(`${crawler.TablePrefix ?? ""}${found.name}`);
  let before = await get(name);
  if (before !== undefined && before.StorageDescriptor?.Location !== location) {
    // Another table has the name; AWS puts a hash behind it.
    name = `${name}_${createHash("md5").update(location).digest("hex")}`;
    before = await get(name);
  }
  const wanted = {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    PartitionKeys: [...found.partitionKeys],
    Parameters: parameters,
    StorageDescriptor: descriptorOf(found.columns, location, parameters),
  } satisfies TableInput;
  const changed =
    before !== undefined &&
    JSON.stringify(before.StorageDescriptor?.Columns) !== JSON.stringify(wanted.StorageDescriptor.Columns);
  let change: "created" | "updated" | "none" = "none";
  if (before === undefined) {
    await call("glue", "createTable", { DatabaseName, TableInput: wanted });
    change = "created";
  } else if (changed && crawler.SchemaChangePolicy.UpdateBehavior === "UPDATE_IN_DATABASE") {
    // The keys stay: partitions are registered under them.
    const TableInput = { ...wanted, PartitionKeys: before.PartitionKeys };
    await call("glue", "updateTable", { DatabaseName, TableInput });
    change = "updated";
  }
  const keys = before?.PartitionKeys ?? wanted.PartitionKeys;
  if (keys.length === found.partitionKeys.length && keys.length > 0) {
    const { inheritFromTable } = configurationOf(crawler);
    const inputs = found.partitions.map(({ values, prefix, files }): PartitionInput => {
      const own = mergedColumns(files.map(({ columns }) => columns ?? []));
      const kept = own.filter(({ Name }) => !keys.some((key) => key.Name === Name));
      const columns = inheritFromTable || kept.length === 0 ? found.columns : kept;
      return {
        Values: [...values],
        StorageDescriptor: descriptorOf(columns, `s3://${bucket}/${prefix}`, statistics(files)),
        Parameters: statistics(files),
      };
    });
    const mayDelete = crawler.SchemaChangePolicy.DeleteBehavior === "DELETE_FROM_DATABASE";
    await changePartitions(call, { DatabaseName, TableName: name }, { found: inputs, mayDelete });
  }
  return { name, change };
}
