import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Contract,
  contracts,
  type MartName,
  MartsManifest,
  rowsPrefix,
  sqlType,
  type TableName,
  violationsKey,
} from "@penstock/contracts";
import { buildMarts, type MartsPorts, type MartsSettings, type MartsSummary } from "@penstock/marts";
import {
  type DuckSession,
  directoryObjectStore,
  type ObjectStore,
  openSession,
  type Row,
  s3Uri,
  text,
} from "@penstock/runtime";
import * as v from "valibot";
import { type JsonRow, writeParquet } from "../lake/lake-fixture.ts";

export const BUILD = "20261121T053000Z-000001";
export const BUILT_AT = "2026-11-21T05:30:00.000Z";

const settings: MartsSettings = {
  curated: "curated",
  audit: "audit",
  marts: "marts",
  artifacts: "artifacts",
  database: "marts",
  lambdaMaxBytes: 1024 ** 3,
  memoryMb: 400,
  keepBuilds: 2,
};

/** A curated zone over a folder, with real Parquet and a real DuckDB. */
export interface TestMarts extends AsyncDisposable {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly session: DuckSession;
  readonly ports: MartsPorts;
  /** Puts one curated object of a table. */
  put(table: TableName, name: string, rows: readonly JsonRow[]): Promise<void>;
  putViolations(orderIds: readonly string[]): Promise<void>;
  /** Builds the marts; `current` is the build that is read meanwhile. */
  build(name?: string, current?: string): Promise<MartsSummary>;
  manifest(build?: string): Promise<MartsManifest>;
  /** Rows of a mart in the order of its objects and of the rows in them, the folders' columns among them. */
  rows(mart: MartName, build?: string): Promise<Row[]>;
  /** Every object of a bucket with its entity tag, which is the MD5 of its bytes. */
  objects(bucket: string): Promise<Record<string, string>>;
}

/** Makes an empty curated zone; `options` replace what a test is about. */
export async function testMarts(
  options: { readonly settings?: Partial<MartsSettings>; readonly threads?: number } = {},
): Promise<TestMarts> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-marts-"));
  const store = directoryObjectStore(path.join(folder, "store"));
  const session = await openSession({ memoryMb: 200, threads: 1, tempDirectory: path.join(folder, "spill") });
  const used = { ...settings, ...options.settings };
  const ports: MartsPorts = {
    store,
    catalogue: { removePartitions: async () => {} },
    settings: used,
    openSession: (tempDirectory) =>
      openSession({
        memoryMb: used.memoryMb,
        threads: options.threads ?? 2,
        tempDirectory,
        keepsOrder: true,
      }),
  };
  let files = 0;
  const scratch = (): string => {
    files += 1;
    return path.join(folder, String(files));
  };
  const manifest = async (build = BUILD) =>
    v.parse(MartsManifest, await store.getJson(`s3://marts/_builds/${build}.json`));
  return {
    folder,
    store,
    session,
    ports,
    async put(table, name, rows) {
      const contract: Contract = contracts[table];
      const columns = Object.fromEntries(
        contract.columns
          .filter(({ sensitive }) => sensitive !== "cvv")
          .map((column) => [column.name, sqlType(column)]),
      );
      const file = await writeParquet(session, scratch(), columns, rows);
      await store.upload(
        file,
        s3Uri(used.curated, `${rowsPrefix(table)}year=2025/month=01/day=16/${name}.parquet`),
      );
    },
    async putViolations(orderIds) {
      const rows = orderIds.map((order_id) => ({
        order_id,
        rule: "payments_equal_items",
        expected: 1,
        found: 2,
      }));
      const columns = {
        order_id: "VARCHAR",
        rule: "VARCHAR",
        expected: "DECIMAL(38,2)",
        found: "DECIMAL(38,2)",
      };
      await store.upload(
        await writeParquet(session, scratch(), columns, rows),
        s3Uri(used.audit, violationsKey),
      );
    },
    build: (build = BUILD, current = undefined) =>
      buildMarts({ run_id: "run", build, built_at: BUILT_AT, current: current ?? null }, ports),
    manifest,
    async rows(mart, build = BUILD) {
      const table = (await manifest(build)).tables[mart];
      const found: Row[] = [];
      for (const { key, partition } of table?.objects ?? []) {
        const file = scratch();
        await store.download(s3Uri(used.marts, key), file);
        const rows = await session.rows(
          `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${text(file)}, hive_partitioning = false, file_row_number = true) ORDER BY file_row_number`,
        );
        found.push(...rows.map((row) => ({ ...row, ...partition })));
      }
      return found;
    },
    async objects(bucket) {
      const found: Record<string, string> = {};
      for await (const { uri, etag } of store.list(s3Uri(bucket, "")))
        found[uri.slice(s3Uri(bucket, "").length)] = etag;
      return found;
    },
    async [Symbol.asyncDispose]() {
      await session.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
