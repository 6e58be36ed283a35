import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect, type LakePorts, type LakeSettings, type RefineSummary, refine } from "@penstock/lake";
import {
  type DuckSession,
  directoryObjectStore,
  identifier,
  memoryLeases,
  type ObjectStore,
  openSession,
  type Row,
  type S3Uri,
  text,
} from "@penstock/runtime";

/** A row for a file, as JSON. */
export type JsonRow = Readonly<Record<string, unknown>>;

/** The columns of a file in their order, with DuckDB's types. */
export type FileColumns = Readonly<Record<string, string>>;

export const settings: LakeSettings = {
  raw: "raw",
  curated: "curated",
  pending: "pending",
  quarantine: "quarantine",
  audit: "audit",
  artifacts: "artifacts",
  locksTable: "locks",
  lambdaMaxBytes: 64 * 1024 * 1024,
  parentKeysMaxBytes: 64 * 1024 * 1024,
  pendingDays: 7,
  memoryMb: 400,
};

/** The moment at which every raw object of a test arrived, and a moment shortly after. */
export const ARRIVED = new Date("2025-01-16T08:00:00.000Z");
export const NOW = new Date("2025-01-16T09:00:00.000Z");

/** A lake over a folder of its own, with real Parquet and a real DuckDB. */
export interface TestLake extends AsyncDisposable {
  readonly folder: string;
  readonly ports: LakePorts;
  readonly store: ObjectStore;
  readonly session: DuckSession;
  /** Puts a raw object: rows as JSON, made Parquet by DuckDB. Returns its key. */
  put(table: string, name: string, columns: FileColumns, rows: readonly JsonRow[]): Promise<string>;
  /** Puts raw bytes at a key. */
  putBytes(key: string, bytes: Uint8Array): Promise<void>;
  /** Inspects and refines a raw object, as the state machine would. */
  arrive(key: string, runId?: string): Promise<RefineSummary>;
  /** Rows of a Parquet object in record form; undefined when there is none. */
  rows(uri: S3Uri, order?: string): Promise<Row[] | undefined>;
  /** Every object of a bucket with its entity tag, which is the MD5 of its bytes. */
  objects(bucket: string): Promise<Record<string, string>>;
}

/** Key of a raw object of a table. */
export function rawKeyOf(table: string, name: string): string {
  return `ecommerce/${table}-raw/year=2025/month=01/day=16/${name}.parquet`;
}

/** Makes a lake; `options` replace what a test is about. */
export async function testLake(
  options: {
    readonly settings?: Partial<LakeSettings>;
    readonly threads?: number;
    /** One DuckDB for all refines, for tests that make many: it does not look for cards (see `plainSession`). */
    readonly plain?: boolean;
  } = {},
): Promise<TestLake> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-test-"));
  const store = directoryObjectStore(path.join(folder, "store"));
  const used = { ...settings, ...options.settings };
  const session = await openSession({ memoryMb: 200, threads: 1, tempDirectory: path.join(folder, "spill") });
  const plain = options.plain === true ? await plainSession(path.join(folder, "plain")) : undefined;
  const ports: LakePorts = {
    store,
    leases: memoryLeases(),
    settings: used,
    openSession: async (tempDirectory) =>
      plain?.kept ?? openSession({ memoryMb: used.memoryMb, threads: options.threads ?? 2, tempDirectory }),
    now: () => NOW,
  };
  let files = 0;
  const scratch = async (): Promise<string> => {
    await mkdir(path.join(folder, "scratch"), { recursive: true });
    files += 1;
    return path.join(folder, "scratch", String(files));
  };
  const upload = async (file: string, key: string): Promise<void> => {
    await store.upload(file, `s3://${used.raw}/${key}`);
    await utimes(path.join(folder, "store", used.raw, key), ARRIVED, ARRIVED);
  };

  return {
    folder,
    ports,
    store,
    session,
    async put(table, name, columns, rows) {
      const file = await writeParquet(session, await scratch(), columns, rows);
      const key = rawKeyOf(table, name);
      await upload(file, key);
      return key;
    },
    async putBytes(key, bytes) {
      const file = await scratch();
      await writeFile(file, bytes);
      await upload(file, key);
    },
    arrive: (key, runId = "run") => arrive(key, runId, ports),
    async rows(uri, order) {
      if ((await store.head(uri)) === undefined) return undefined;
      const file = await scratch();
      await store.download(uri, file);
      return session.rows(
        `SELECT * FROM read_parquet(${text(file)}, hive_partitioning = false)${order === undefined ? "" : ` ORDER BY ${order}`}`,
      );
    },
    async objects(bucket) {
      const found: Record<string, string> = {};
      for await (const { uri, etag } of store.list(`s3://${bucket}/`))
        found[uri.slice(`s3://${bucket}/`.length)] = etag;
      return found;
    },
    async [Symbol.asyncDispose]() {
      await session.close();
      await plain?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A session that stays open when the domain closes it. Cards in free text are other tests' subject, and their macros
 * take longer to bind than all else in a small refine takes to run: here they find nothing.
 */
export async function plainSession(
  folder: string,
): Promise<{ kept: DuckSession; close: () => Promise<void> }> {
  const session = await openSession({ memoryMb: 400, threads: 1, tempDirectory: folder });
  await session.run(
    "CREATE OR REPLACE MACRO hidden_cards(texts) AS list_transform(texts, lambda s: CAST(NULL AS VARCHAR))",
  );
  const kept: DuckSession = {
    ...session,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { kept, close: () => session.close() };
}

/** Inspects and refines one object; an inspection that does not lead to a refine throws. */
export async function arrive(key: string, runId: string, ports: LakePorts): Promise<RefineSummary> {
  const bucket = ports.settings.raw;
  const seen = await inspect({ run_id: runId, bucket, key, table: null }, ports);
  const { table, source, etag, arrived_at } = seen;
  if (table === null || source === null) throw new Error(`${key} is refused: ${seen.reason} ${seen.detail}`);
  return refine({ run_id: runId, bucket, key, table, source, etag, arrived_at }, ports);
}

/** Writes rows as a Parquet file through DuckDB. Columns that a row lacks are NULL. */
export async function writeParquet(
  session: DuckSession,
  file: string,
  columns: FileColumns,
  rows: readonly JsonRow[],
): Promise<string> {
  const json = `${file}.json`;
  await writeFile(json, rows.map((row) => JSON.stringify(row)).join("\n"));
  const types = Object.entries(columns).map(([name, type]) => `${identifier(name)}: ${text(type)}`);
  const from =
    rows.length === 0
      ? `(SELECT ${Object.entries(columns)
          .map(([name, type]) => `CAST(NULL AS ${type}) AS ${identifier(name)}`)
          .join(", ")} LIMIT 0)`
      : `read_json(${text(json)}, format = 'newline_delimited', columns = {${types.join(", ")}})`;
  const list = Object.keys(columns).map(identifier).join(", ");
  await session.run(
    `COPY (SELECT ${list} FROM ${from}) TO ${text(`${file}.parquet`)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  return `${file}.parquet`;
}
