import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  type AnalystTable,
  type BuildTable,
  MartsManifest,
  manifestKey,
  marts as martContracts,
  ReportHead,
  reportKey,
  systemFor,
  systems,
} from "@penstock/contracts";
import { type ObjectStore, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { joinKey } from "../cells.ts";
import { batchesOf } from "../parquet-columns.ts";
import type { Cell, DayOfSales, Prod, Row, WrittenReport, WrittenSystem } from "./prod.ts";

/** Where the builds of a stage are, by the links that the program gives to its tasks. */
export interface ProdPlaces {
  readonly marts: string;
  /** Buckets of the systems' reports. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly buildsTable: string;
}

export interface ReadProdOptions {
  readonly store: Pick<ObjectStore, "getJson" | "download">;
  readonly dynamo: Pick<DynamoDBClient, "send">;
  readonly places: ProdPlaces;
  /** A folder for one downloaded object at a time. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Columns that the summary needs of the reports that have a row for each customer or order; of the others, all. */
const needed: Readonly<Record<string, readonly string[]>> = {
  "customer-segments": [],
  "lifetime-value": ["alive_probability", "lifetime_value"],
  churn: ["churn_probability", "reason_1"],
  "order-risk": ["order_id", "risk", "flagged", "reasons"],
};

/** Reads the current builds as they stand in the buckets. */
export async function readProd(options: ReadProdOptions): Promise<Omit<Prod, "asked">> {
  const { store, places } = options;
  const current = await currentBuilds(options);
  const unreadable: string[] = [];
  const orSay = async <Read>(about: string, read: () => Promise<Read>): Promise<Read | undefined> => {
    try {
      return await read();
    } catch (error) {
      options.signal.throwIfAborted();
      unreadable.push(`${about} (${error instanceof Error ? error.message : String(error)})`);
      return undefined;
    }
  };

  const build = current.get("marts")?.build;
  const manifest =
    build === undefined
      ? undefined
      : await orSay(`manifest of ${build}`, async () =>
          v.parse(MartsManifest, await store.getJson(s3Uri(places.marts, manifestKey(build)))),
        );
  const read = (
    table: AnalystTable,
    bucket: string,
    written: v.InferOutput<typeof BuildTable>,
    columns?: readonly string[],
  ) => orSay(`rows of ${table.name}`, () => rowsOf(options, table, bucket, written, columns));

  const soldLines = new Set<string>();
  let sales: DayOfSales[] = [];
  if (manifest !== undefined) {
    const none = { rows: 0, bytes: 0, objects: [] };
    const lines = await read(martContracts.sales, places.marts, manifest.tables.sales ?? none, [
      "order_id",
      "order_item_id",
    ]);
    for (const { order_id, order_item_id } of lines ?? []) soldLines.add(joinKey([order_id, order_item_id]));
    const days = await read(martContracts.daily_sales, places.marts, manifest.tables.daily_sales ?? none, [
      "sale_date",
      "revenue",
    ]);
    sales = summedByDay(days ?? []);
  }

  const found: WrittenSystem[] = [];
  for (const [system, { title, reports: contracts }] of Object.entries(systems)) {
    const pointer = current.get(system);
    if (pointer === undefined) continue;
    const reports: Record<string, WrittenReport> = {};
    const bucket = places.buckets[system] ?? "";
    for (const [report, { table }] of Object.entries(systemFor(system)?.reports ?? contracts)) {
      const uri = s3Uri(bucket, reportKey(pointer.build, report));
      const head = await orSay(`${uri}`, async () => v.parse(ReportHead, await store.getJson(uri)));
      if (head === undefined) continue;
      const rows = await read(table, bucket, head.table, needed[report]);
      if (rows !== undefined) reports[report] = { head, rows };
    }
    found.push({ system, title, build: pointer.build, builtAt: pointer.builtAt, reports });
  }
  return { marts: manifest, systems: found, sales, soldLines, unreadable };
}

async function currentBuilds({ dynamo, places }: ReadProdOptions) {
  const { Items = [] } = await dynamo.send(
    new ScanCommand({ TableName: places.buildsTable, ConsistentRead: true }),
  );
  return new Map(
    Items.map(({ system, build, built_at }) => [
      system?.S ?? "",
      { build: build?.S ?? "", builtAt: built_at?.S ?? "" },
    ]),
  );
}

async function rowsOf(
  { store, directory, signal }: ReadProdOptions,
  table: AnalystTable,
  bucket: string,
  { objects, rows: promised }: v.InferOutput<typeof BuildTable>,
  wanted: readonly string[] | undefined,
): Promise<Row[]> {
  const known = table.columns.filter(({ name }) => wanted === undefined || wanted.includes(name));
  // Rows are counted by a column, so at least one is read.
  const columns = known.length > 0 ? known : table.columns.slice(0, 1);
  const names = new Set(columns.map(({ name }) => name));
  const rows: Row[] = [];
  for (const { key } of objects) {
    signal.throwIfAborted();
    const path = join(directory, "prod-object");
    await store.download(s3Uri(bucket, key), path);
    try {
      for await (const batch of batchesOf(path, names)) {
        for (let row = 0; row < batch.rows; row++) {
          rows.push(
            Object.fromEntries(
              columns.map(({ name, type }) => [
                name,
                cellOf(batch.columns.get(name)?.[row], type === "date"),
              ]),
            ),
          );
        }
      }
    } finally {
      await rm(path, { force: true });
    }
  }
  if (rows.length !== promised) throw new Error(`${promised} rows were promised, ${rows.length} are there`);
  return rows;
}

function cellOf(value: unknown, day: boolean): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Date) return day ? value.toISOString().slice(0, 10) : value.toISOString();
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error("a value is not a finite number");
  return number;
}

function summedByDay(rows: readonly Row[]): DayOfSales[] {
  const days = new Map<string, number>();
  for (const { sale_date, revenue } of rows)
    days.set(String(sale_date), (days.get(String(sale_date)) ?? 0) + Number(revenue));
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, revenue]) => ({ day, revenue }));
}
