import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { brokenRules, contracts, decodeRecord } from "@penstock/contracts";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetWriteBuffer } from "hyparquet-writer";
import { measure } from "./refine-measure.ts";

type Item = Record<string, unknown>;

// The same work as Penstock's, one record at a time: decode, check with valibot, keep the latest row of each key, look
// up the parents, write curated Parquet in order of key and the rest as JSON lines. There is nothing to mask in items.
await measure(async ({ items, parents }, folder) => {
  const contract = contracts.order_items;
  const rejected = createWriteStream(path.join(folder, "rejected.jsonl"));
  const latest = new Map<string, Item>();
  for await (const row of rowsOf(items)) {
    const record = decodeRecord(contract, "penstock", row);
    const reasons = brokenRules(contract, record);
    if (reasons.length > 0) {
      rejected.write(`${JSON.stringify({ ...record, _reasons: reasons })}\n`);
      continue;
    }
    const key = `${record.order_id}\n${record.order_item_id}`;
    const other = latest.get(key);
    if (other === undefined || isLater(record, other)) latest.set(key, record);
  }

  const known = {
    order_id: await keysOf(parents.orders, "order_id"),
    product_id: await keysOf(parents.products, "product_id"),
    seller_id: await keysOf(parents.sellers, "seller_id"),
  };
  const curated: Item[] = [];
  const waiting = createWriteStream(path.join(folder, "pending.jsonl"));
  for (const record of latest.values()) {
    const missing = Object.entries(known).filter(([column, keys]) => !keys.has(record[column]));
    if (missing.length === 0) curated.push(record);
    else
      waiting.write(
        `${JSON.stringify({ ...record, _reasons: missing.map(([column]) => `${column}.missing_parent`) })}\n`,
      );
  }
  latest.clear();
  curated.sort(byKey);
  const of = (name: string) => curated.map((record) => record[name]);
  const buffer = parquetWriteBuffer({
    columnData: [
      ...["order_id", "product_id", "seller_id"].map((name) => ({
        name,
        data: of(name),
        type: "STRING" as const,
      })),
      ...["order_item_id", "quantity"].map((name) => ({
        name,
        data: of(name).map((value) => BigInt(Number(value))),
        type: "INT64" as const,
      })),
      ...["price", "freight_value"].map((name) => ({ name, data: of(name), type: "DOUBLE" as const })),
      ...["shipping_limit_at", "updated_at"].map((name) => ({
        name,
        data: of(name).map((value) => new Date(`${value}Z`)),
        type: "TIMESTAMP" as const,
      })),
    ],
  });
  await writeFile(path.join(folder, "curated.parquet"), Buffer.from(buffer));
  await Promise.all([rejected, waiting].map((stream) => new Promise((resolve) => stream.end(resolve))));
  return curated.length;
});

/** Rows of a file, a row group at a time. */
async function* rowsOf(path: string): AsyncGenerator<Item> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    yield* await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    rowStart = rowEnd;
  }
}

async function keysOf(path: string, column: string): Promise<Set<unknown>> {
  const keys = new Set<unknown>();
  for await (const row of rowsOf(path)) keys.add(row[column]);
  return keys;
}

function isLater(a: Item, b: Item): boolean {
  return String(a.updated_at ?? "") > String(b.updated_at ?? "");
}

function byKey(a: Item, b: Item): number {
  if (a.order_id !== b.order_id) return String(a.order_id) < String(b.order_id) ? -1 : 1;
  return Number(a.order_item_id) - Number(b.order_item_id);
}
