import path from "node:path";
import { type AnalystTable, type MartName, MartsManifest, marts } from "@penstock/contracts";
import {
  ContractViolation,
  type DuckSession,
  identifier,
  inParallel,
  parseS3Uri,
  type Row,
  type S3Uri,
  s3Uri,
  text,
  toEngine,
} from "@penstock/runtime";
import * as v from "valibot";
import type { AnalyticsPorts } from "./ports.ts";

/** The marts of one build, to be asked. */
export interface Marts {
  /** Orders that break a rule over several tables: they are in none of the marts. */
  readonly ordersLeftOut: number;
  /**
   * What is made of each row of a query in Trino's dialect over the marts that were opened, by their names; in no order
   * to rely on.
   */
  read<Fact>(trinoSql: string, factOf: (row: Row) => Fact): Promise<Fact[]>;
}

/** Months and days: what partitions of marts are named by. Nothing else gets into a path. */
const PARTITION_VALUE = /^\d{4}-\d{2}(-\d{2})?$/;

/**
 * Brings some marts of a build down to local disk and makes a view of each, with its partition keys as texts.
 *
 * @param folder where the files go; not to be removed while the session is used
 * @throws ObjectMissing when the manifest or an object of it is gone, ContractViolation for a manifest of another form
 */
export async function openMarts(
  { manifest: uri, needs }: { readonly manifest: S3Uri; readonly needs: readonly MartName[] },
  { store }: Pick<AnalyticsPorts, "store">,
  session: DuckSession,
  folder: string,
): Promise<Marts> {
  const manifest = parseManifest(uri, await store.getJson(uri));
  const { bucket } = parseS3Uri(uri);
  for (const name of needs) {
    const written = manifest.tables[name];
    if (written === undefined)
      throw new ContractViolation(`${uri} lists no mart "${name}"; build them again`);
    const files = await inParallel(written.objects, async ({ key, partition }, index) => {
      const file = path.join(folder, name, ...partitionFolders(uri, partition), `${index}.parquet`);
      await store.download(s3Uri(bucket, key), file);
      return file;
    });
    await session.run(`CREATE VIEW ${identifier(name)} AS ${viewOf(marts[name], files)}`);
  }
  return {
    ordersLeftOut: manifest.orders_left_out,
    async read(sql, factOf) {
      const facts = [];
      for await (const rows of session.parts(toEngine(sql, "duckdb"))) facts.push(...rows.map(factOf));
      return facts;
    },
  };
}

function parseManifest(uri: S3Uri, value: unknown): MartsManifest {
  const parsed = v.safeParse(MartsManifest, value);
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole of it").join(", ");
  throw new ContractViolation(`${uri} is no manifest of marts, at: ${fields}; build the marts again`);
}

function partitionFolders(uri: S3Uri, partition: Readonly<Record<string, string>>): string[] {
  return Object.entries(partition).map(([key, value]) => {
    if (PARTITION_VALUE.test(value)) return `${key}=${value}`;
    throw new ContractViolation(`${uri}: a partition "${key}" is neither a month nor a day`);
  });
}

/** The mart's columns and partition keys but the build; without any object a table without rows. */
function viewOf({ columns, partitionKeys }: AnalystTable, files: readonly string[]): string {
  const keys = partitionKeys.filter(({ name }) => name !== "build");
  if (files.length === 0) {
    const empty = [...columns, ...keys].map(
      ({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${identifier(name)}`,
    );
    return `SELECT ${empty.join(", ")} WHERE false`;
  }
  const names = [...columns, ...keys].map(({ name }) => identifier(name)).join(", ");
  const types = keys.map(({ name }) => `${text(name)}: VARCHAR`).join(", ");
  const partitions =
    keys.length === 0 ? "hive_partitioning = false" : `hive_partitioning = true, hive_types = {${types}}`;
  return `SELECT ${names} FROM read_parquet([${files.map(text).join(", ")}], ${partitions})`;
}

/** The name that DuckDB has for a type of an analyst's table. */
export function duckType(type: string): string {
  return type === "string" ? "VARCHAR" : type.toUpperCase();
}
