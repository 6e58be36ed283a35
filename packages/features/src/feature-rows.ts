import type { FeatureTable, FeatureValue } from "@penstock/contracts";
import { ContractViolation, type ObjectStore, type S3Uri } from "@penstock/runtime";
import { type AsyncBuffer, cachedAsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";

/** A row's key and features; without those that are null. */
export type FeatureRow = Readonly<Record<string, FeatureValue>>;

/**
 * Rows of one object of a table of features, from `start` up to but not including `end`, read by ranges of it.
 * @throws ContractViolation for a column that is not there, a row without its key, or a number that is none
 */
export async function featureRows(
  { name, key, columns, features }: FeatureTable,
  { uri, start, end }: { readonly uri: S3Uri; readonly start: number; readonly end: number },
  store: Pick<ObjectStore, "head" | "range">,
): Promise<FeatureRow[]> {
  const file = await objectBuffer(uri, store);
  const metadata = await parquetMetadataAsync(file);
  const there = new Set(metadata.schema.slice(1).map((column) => column.name));
  const wanted = [key, ...features.map((feature) => feature.name)];
  const missing = wanted.filter((column) => !there.has(column));
  if (missing.length > 0)
    throw new ContractViolation(`${uri} has no ${missing.join(", ")}: not the features of ${name}`);
  const rows = await parquetReadObjects({ file, metadata, columns: wanted, rowStart: start, rowEnd: end });
  const scales = new Map(columns.map(({ name: column, type }) => [column, scaleOf(type)]));
  return rows.map((row) => {
    const plain: Record<string, FeatureValue> = {};
    for (const column of wanted) {
      const value = featureValue(row[column], scales.get(column));
      if (value === null) continue;
      if (value === undefined)
        throw new ContractViolation(`${name}.${column} has a value that is no feature`);
      plain[column] = value;
    }
    if (plain[key] === undefined) throw new ContractViolation(`${name}: a row has no ${key}`);
    return plain;
  });
}

/** Of a decimal type how many digits follow the point. */
function scaleOf(type: string): number | undefined {
  const scale = /^decimal\(\d+,(\d+)\)$/.exec(type)?.[1];
  return scale === undefined ? undefined : Number(scale);
}

/** A value of Parquet as a feature; undefined for what cannot be one. */
function featureValue(value: unknown, scale: number | undefined): FeatureValue | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Date) return value.toISOString();
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  // A decimal is read as its digits times a power of ten, which is off in the last place.
  return scale === undefined ? number : Number(number.toFixed(scale));
}

async function objectBuffer(uri: S3Uri, store: Pick<ObjectStore, "head" | "range">): Promise<AsyncBuffer> {
  const facts = await store.head(uri);
  if (facts === undefined) throw new ContractViolation(`${uri} is gone; run the whole again`);
  return cachedAsyncBuffer({
    byteLength: facts.bytes,
    async slice(start, end = facts.bytes) {
      const bytes = await store.range(uri, start, end);
      return new Uint8Array(bytes).buffer;
    },
  });
}
