import * as v from "valibot";
import type { PartitionInput } from "../catalog/shapes.ts";
import type { CrawlCalls } from "./crawl-calls.ts";

/** A table that a crawler brings up to date. */
export interface TablePlace {
  readonly DatabaseName: string;
  readonly TableName: string;
}

const Answer = v.object({
  Partitions: v.optional(v.array(v.looseObject({ Values: v.array(v.string()) })), []),
  NextToken: v.optional(v.string()),
});
const Failures = v.object({
  Errors: v.optional(
    v.array(
      v.looseObject({ ErrorDetail: v.looseObject({ ErrorCode: v.string(), ErrorMessage: v.string() }) }),
    ),
    [],
  ),
});

/** Glue's quotas of partitions in one request. */
const CREATED = 100;
const DELETED = 25;

/** Values of the partitions that a table has. */
async function registered(call: CrawlCalls, place: TablePlace): Promise<string[][]> {
  const found: string[][] = [];
  let NextToken: string | undefined;
  do {
    const page = v.parse(
      Answer,
      await call("glue", "getPartitions", { ...place, ExcludeColumnSchema: true, NextToken }),
    );
    found.push(...page.Partitions.map(({ Values }) => Values));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/**
 * Registers partitions that a table lacks, and takes out those that are gone when that is allowed.
 * @throws Error with Glue's reason, when one was refused
 */
export async function changePartitions(
  call: CrawlCalls,
  place: TablePlace,
  { found, mayDelete }: { found: readonly PartitionInput[]; mayDelete: boolean },
): Promise<void> {
  const before = await registered(call, place);
  const known = new Set(before.map((values) => JSON.stringify(values)));
  const fresh = found.filter(({ Values }) => !known.has(JSON.stringify(Values)));
  for (let at = 0; at < fresh.length; at += CREATED) {
    const PartitionInputList = fresh.slice(at, at + CREATED);
    refuseFailures(await call("glue", "batchCreatePartition", { ...place, PartitionInputList }));
  }
  if (!mayDelete) return;
  const there = new Set(found.map(({ Values }) => JSON.stringify(Values)));
  const gone = before.filter((values) => !there.has(JSON.stringify(values)));
  for (let at = 0; at < gone.length; at += DELETED) {
    const PartitionsToDelete = gone.slice(at, at + DELETED).map((Values) => ({ Values }));
    refuseFailures(await call("glue", "batchDeletePartition", { ...place, PartitionsToDelete }));
  }
}

function refuseFailures(answer: unknown): void {
  const real = v.parse(Failures, answer).Errors.map(({ ErrorDetail }) => ErrorDetail);
  // Somebody else was quicker: what was wanted is there.
  const [first] = real.filter(
    ({ ErrorCode }) => !/^(AlreadyExists|EntityNotFound)Exception$/.test(ErrorCode),
  );
  if (first !== undefined) throw new Error(`${first.ErrorCode}: ${first.ErrorMessage}`);
}
