import * as v from "valibot";
import { TableInput } from "../catalog/shapes.ts";
import { type CrawlCalls, placeOf } from "./crawl-calls.ts";
import { crawlCatalogTarget } from "./crawl-catalog-target.ts";
import { crawlS3Target } from "./crawl-s3-target.ts";
import { type CrawlerDefinition, isMissing } from "./crawler.ts";

/** How many tables one crawl made, changed and took out. */
export interface CrawlTally {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

const Answer = v.object({
  TableList: v.optional(v.array(TableInput), []),
  NextToken: v.optional(v.string()),
});

/** Runs a crawler once, over all of its targets. @throws what S3 or the catalogue answers to the crawler's role */
export async function crawl(crawler: CrawlerDefinition, call: CrawlCalls): Promise<CrawlTally> {
  const { S3Targets, CatalogTargets } = crawler.Targets;
  for (const target of CatalogTargets) await crawlCatalogTarget(target, crawler, call);
  if (S3Targets.length === 0) return { created: 0, updated: 0, deleted: 0 };
  await ensureDatabase(crawler, call);
  const tallies = [];
  for (const target of S3Targets) tallies.push(await crawlS3Target(target, crawler, call));
  const names = new Set(tallies.flatMap((tally) => tally.names));
  return {
    created: tallies.reduce((sum, { created }) => sum + created, 0),
    updated: tallies.reduce((sum, { updated }) => sum + updated, 0),
    deleted: await forget(crawler, names, call),
  };
}

async function ensureDatabase({ DatabaseName }: CrawlerDefinition, call: CrawlCalls): Promise<void> {
  try {
    await call("glue", "getDatabase", { Name: DatabaseName });
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    await call("glue", "createDatabase", { DatabaseInput: { Name: DatabaseName } });
  }
}

/** What this crawler made below its targets and does not find any more. */
async function forget(
  { Name, DatabaseName, SchemaChangePolicy, Targets }: CrawlerDefinition,
  found: ReadonlySet<string>,
  call: CrawlCalls,
): Promise<number> {
  const { DeleteBehavior } = SchemaChangePolicy;
  if (DeleteBehavior === "LOG") return 0;
  const tables: TableInput[] = [];
  let NextToken: string | undefined;
  do {
    const page = v.parse(Answer, await call("glue", "getTables", { DatabaseName, NextToken }));
    tables.push(...page.TableList);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const below = Targets.S3Targets.map(({ Path }) => placeOf(Path)).map(
    ({ bucket, prefix }) => `s3://${bucket}/${prefix}`,
  );
  const gone = tables.filter(
    ({ Name: table, Parameters, StorageDescriptor }) =>
      Parameters?.UPDATED_BY_CRAWLER === Name &&
      Parameters.DEPRECATED_BY_CRAWLER === undefined &&
      !found.has(table) &&
      below.some((place) => StorageDescriptor?.Location?.startsWith(place)),
  );
  for (const table of gone) {
    if (DeleteBehavior === "DELETE_FROM_DATABASE") {
      await call("glue", "deleteTable", { DatabaseName, Name: table.Name });
      continue;
    }
    const Parameters = { ...table.Parameters, DEPRECATED_BY_CRAWLER: String(Date.now()) };
    const { Name: name, TableType, PartitionKeys, StorageDescriptor } = table;
    const input = { Name: name, TableType, PartitionKeys, StorageDescriptor, Parameters };
    await call("glue", "updateTable", { DatabaseName, TableInput: input });
  }
  return DeleteBehavior === "DELETE_FROM_DATABASE" ? gone.length : 0;
}
