import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  type AnalystTable,
  type ReportHead,
  reportKey,
  systemFor,
  tablePrefixOf,
} from "../../packages/contracts/src/index.ts";
import { identifier, openSession } from "../../packages/runtime/src/index.ts";

/** Cells as SQL expressions, by column; what is not given is null. */
export type SqlRow = Readonly<Record<string, string>>;

export interface WrittenReport {
  readonly system: string;
  readonly report: string;
  readonly build: string;
  /** Rows as a SELECT over the columns that it names, or as SQL expressions. */
  readonly rows: readonly SqlRow[] | { readonly select: string };
  /** Rows of a row group: DuckDB takes multiples of 2048. */
  readonly groupRows?: number;
  /** How the report stands; `ok` when not given. */
  readonly reason?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number>>;
}

const SAID = { model: "fixture", version: 3, built_at: "2026-11-21T05:30:00.000Z" };

/** Writes a report as the systems' tasks do: its rows by the contract, sorted, and its head. @param root folder of buckets */
export async function writeReport(root: string, bucket: string, written: WrittenReport): Promise<ReportHead> {
  const { system, report, build, rows, reason, groupRows = 2048 } = written;
  const table = systemFor(system)?.reports[report]?.table;
  if (table === undefined) throw new Error(`no report ${report} of ${system}`);
  const object = await writeTable(root, bucket, table, build, rows, groupRows);
  const head: ReportHead = {
    system,
    report,
    build,
    ...SAID,
    table: { rows: object.rows, bytes: object.bytes, objects: [object] },
    ...(reason === undefined
      ? {
          status: "ok",
          trained_on: { observations: object.rows, from: "2025-01-01", to: "2025-12-31" },
          metrics: { ...written.metrics },
          details: { ...written.details },
        }
      : { status: "not enough data", reason }),
  };
  const place = path.join(root, bucket, reportKey(build, report));
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, JSON.stringify(head));
  return head;
}

/** Writes the rows of a table of a build as one object, by its contract and sorted. */
export async function writeTable(
  root: string,
  bucket: string,
  table: AnalystTable,
  build: string,
  rows: WrittenReport["rows"],
  groupRows = 2048,
) {
  const key = `${tablePrefixOf(table.name, build)}part-0.parquet`;
  const file = path.join(root, bucket, key);
  await mkdir(path.dirname(file), { recursive: true });
  const query = "select" in rows ? rows.select : selectOf(table, rows);
  await using session = await openSession({ memoryMb: 256, threads: 1, tempDirectory: root });
  const typed = table.columns.map(
    ({ name, type }) => `CAST(${identifier(name)} AS ${sqlType(type)}) AS ${identifier(name)}`,
  );
  const order = table.orderBy.filter((column) => table.columns.some(({ name }) => name === column));
  await session.run(
    `COPY (SELECT ${typed.join(", ")} FROM (${query}) ORDER BY ${order.map(identifier).join(", ")})
     TO '${file}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${groupRows})`,
  );
  const [counted] = await session.rows(`SELECT count(*) AS n FROM read_parquet('${file}')`);
  const { size: bytes } = await stat(file);
  return { key, rows: Number(counted?.n), bytes, partition: {} };
}

function sqlType(type: string): string {
  return type === "string" ? "VARCHAR" : type;
}

function selectOf({ columns }: AnalystTable, rows: readonly SqlRow[]): string {
  const none = `SELECT ${columns.map(({ name }) => `NULL AS ${identifier(name)}`).join(", ")} WHERE false`;
  const each = rows.map(
    (row) =>
      `SELECT ${columns.map(({ name }) => `${row[name] ?? "NULL"} AS ${identifier(name)}`).join(", ")}`,
  );
  return [none, ...each].join(" UNION ALL ");
}
