import { type DuckSession, text } from "@penstock/runtime";
import { isRecord } from "../integrations/arguments.ts";
import { MARKER, type TableView } from "./catalog-views.ts";
import { matching } from "./prune-partitions.ts";

/** One scan of a query plan: which view, which columns of its files, which partitions. */
interface Scan {
  view: number | undefined;
  readonly columns: Set<string>;
  readonly partitions: string | undefined;
}

/**
 * Bytes that Athena would bill for a query: the compressed column chunks of the columns that DuckDB's plan reads, over
 * all row groups of the objects in the partitions that it needs (statistics of row groups, which may save more, are left
 * out of account). Footers count nothing, so that a bare count(*) is free, as on AWS.
 */
export async function scannedBytes(
  session: DuckSession,
  duckdb: string,
  views: readonly TableView[],
): Promise<number> {
  if (views.every(({ files }) => files.length === 0)) return 0;
  const [plan] = await session.rows(`EXPLAIN (FORMAT json) ${duckdb}`);
  const nodes: unknown = JSON.parse(String(plan?.explain_value));
  let bytes = 0;
  for (const { view, columns, partitions } of (Array.isArray(nodes) ? nodes : []).flatMap(scansIn)) {
    const scanned = view === undefined ? undefined : views[view];
    if (scanned === undefined || columns.size === 0) continue;
    const paths = await pathsOf(session, scanned, partitions);
    if (paths.length > 0) bytes += await chunkBytes(session, paths, columns);
  }
  return bytes;
}

/** Scans of a part of the plan. One without the marker finds again the rows that the one beside it chose. */
function scansIn(node: unknown): Scan[] {
  if (!isRecord(node)) return [];
  const children: unknown[] = Array.isArray(node.children) ? node.children : [];
  const below = children.flatMap(scansIn);
  const info = isRecord(node.extra_info) ? node.extra_info : {};
  if (/PARQUET/.test(String(info.Function ?? ""))) below.push(scanOf(info));
  const marked = below.find(({ view }) => view !== undefined);
  if (marked === undefined) return below;
  for (const { view, columns } of below) {
    if (view === undefined) for (const column of columns) marked.columns.add(column);
  }
  return below.filter(({ view }) => view !== undefined);
}

function scanOf(info: Readonly<Record<string, unknown>>): Scan {
  const files = textsOf(info["File Filters"]).join("");
  const view = new RegExp(`${MARKER} = '(\\d+)'`).exec(files)?.[1];
  const conditions = textsOf(info.Filters)
    .join(" ")
    .replaceAll(/'(?:[^']|'')*'/g, "");
  const columns = new Set(textsOf(info.Projections).map((name) => name.toLowerCase()));
  // Words of a condition that are no columns have no bytes.
  for (const [word] of conditions.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) columns.add(word.toLowerCase());
  columns.delete("");
  const own = files.replace(new RegExp(`\\(${MARKER} = '\\d+'\\)`), "");
  return { view: view === undefined ? undefined : Number(view), columns, partitions: own || undefined };
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return value === undefined ? [] : [String(value)];
}

/** Files of the partitions that are left when DuckDB holds its own conditions against their values. */
async function pathsOf(
  session: DuckSession,
  { table, files }: TableView,
  partitions: string | undefined,
): Promise<string[]> {
  const all = files.map(({ path }) => path);
  if (partitions === undefined) return all;
  try {
    const values = files.map((file) => file.values);
    const condition = partitions.replaceAll(")(", ") AND (");
    const needed = await matching(session, table.partitionKeys, values, condition);
    return all.filter((_, at) => needed.has(at));
  } catch {
    // The plan shows conditions for the eye; one that is no SQL leaves nothing out.
    return all;
  }
}

async function chunkBytes(
  session: DuckSession,
  paths: readonly string[],
  columns: ReadonlySet<string>,
): Promise<number> {
  const [found] = await session.rows(
    `SELECT CAST(sum(total_compressed_size) AS BIGINT) AS bytes FROM parquet_metadata([${paths.map(text).join(", ")}])
     WHERE lower(split_part(path_in_schema, ', ', 1)) IN (${[...columns].map(text).join(", ")})`,
  );
  return Number(found?.bytes ?? 0);
}
