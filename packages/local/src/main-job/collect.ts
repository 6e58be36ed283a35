import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Contract, contractFor } from "@penstock/contracts";
import { type ObjectFacts, type ObjectStore, parseS3Uri, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { Secrets } from "../sample/secrets.ts";
import type { Account, RefusedFile, Reported } from "./account.ts";
import { keyNames, keyOf, readsAs } from "./cells.ts";
import { couldHoldCard, secretsIn } from "./leaks.ts";
import { type Batch, batchesOf, footerRows } from "./parquet-columns.ts";
import { type Buckets, placeOf, rawPlace, type Written } from "./places.ts";

/** What a collector needs to know about the run. */
export interface CollectOptions {
  store: ObjectStore;
  buckets: Buckets;
  /** A folder for one downloaded object at a time. */
  directory: string;
  /** Keys of curated rows to keep, as `<table>/<key>`. */
  asked: ReadonlySet<string>;
  /** The values planted, or undefined for data of one's own: then card numbers are looked for by their form. */
  secrets: Secrets | undefined;
  signal: AbortSignal;
}

const Manifest = v.object({
  source: v.string(),
  table: v.nullable(v.string()),
  reason: v.string(),
  detail: v.string(),
  rows: v.nullable(v.number()),
});
const Metrics = v.object({ rows_in: v.number(), duplicates: v.number(), masked: v.number() });

/** Reads every object of the lake's buckets again and counts what stands in them. */
export async function collect(options: CollectOptions): Promise<{ account: Account; reported: Reported }> {
  const { store, buckets } = options;
  const account: Account = {
    raw: [],
    refused: [],
    curated: new Map(),
    curatedObjects: new Map(),
    pending: [],
    quarantined: [],
    asked: new Map(),
    violations: new Set(),
    keys: new Map(),
    curatedKeys: new Map(),
    doubledKeys: 0,
    lostRows: [],
    masked: new Map(),
    leaks: new Map(),
    unreadable: [],
    scannedObjects: 0,
    scannedCells: 0,
  };
  const reported: Reported = { rowsIn: new Map(), duplicates: new Map(), masked: new Map() };

  for (const bucket of new Set(Object.values(buckets))) {
    if (bucket === buckets.raw) continue;
    for await (const facts of store.list(s3Uri(bucket, ""))) {
      const { key } = parseS3Uri(facts.uri);
      const place = placeOf(buckets, bucket, key);
      account.scannedObjects++;
      await withFile(options, facts, (path) =>
        key.endsWith(".parquet")
          ? readTable(account, options, facts.uri, place, path)
          : readText(account, reported, options, facts.uri, place, path),
      ).catch((error: unknown) => {
        options.signal.throwIfAborted();
        account.unreadable.push(`${facts.uri} (${error instanceof Error ? error.message : String(error)})`);
      });
    }
  }
  // Last, because only what was written tells which files were refused and which keys are accounted for.
  const refused = new Set(account.refused.map(({ key }) => key));
  for await (const facts of store.list(s3Uri(buckets.raw, ""))) {
    const { key } = parseS3Uri(facts.uri);
    const table = rawPlace(key)?.table ?? null;
    await withFile(options, facts, async (path) => {
      const rows = facts.bytes === 0 ? null : await footerRows(path);
      account.raw.push({ key, table, rows });
      if (table !== null && rows !== null && !refused.has(key))
        await lookForLostRows(account, table, key, path);
    });
  }
  return { account, reported };
}

/** A row that is nowhere, in no version, was lost: its key stands neither in curated, pending nor quarantine. */
async function lookForLostRows(account: Account, table: string, raw: string, path: string): Promise<void> {
  const contract = contractFor(table);
  if (contract === undefined) return;
  const wanted = new Set(contract.primaryKey.flatMap((column) => keyNames(contract, column)));
  const known = account.keys.get(table);
  for await (const batch of batchesOf(path, wanted)) {
    const keys = keyOf(contract, batch.columns);
    for (let row = 0; row < batch.rows; row++) {
      if (known?.has(keys(row)) !== true) account.lostRows.push(`${raw} (key ${keys(row)})`);
    }
  }
}

async function withFile<T>(
  { store, directory, signal }: CollectOptions,
  { uri }: ObjectFacts,
  use: (path: string) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const path = join(directory, "object");
  await store.download(uri, path);
  try {
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

async function readTable(
  account: Account,
  options: CollectOptions,
  uri: S3Uri,
  place: Written,
  path: string,
): Promise<void> {
  const contract = "table" in place ? contractFor(place.table) : undefined;
  let rows = 0;
  for await (const batch of batchesOf(path)) {
    rows += batch.rows;
    scan(account, options, uri, place, contract, batch);
    if (place.kind === "violations") readViolations(account, batch);
    if (contract === undefined || !("table" in place)) continue;
    rememberKeys(account, place, contract, batch);
    if (place.kind === "curated") keepAsked(account, options.asked, contract, batch);
    else keepReasons(account, place, contract, batch);
  }
  if (place.kind !== "curated") return;
  account.curated.set(place.table, (account.curated.get(place.table) ?? 0) + rows);
  account.curatedObjects.set(`${place.table}/${place.rest}`, rows);
}

/** Looks at every text cell for values in clear, and counts the cells of sensitive columns that are masked. */
function scan(
  account: Account,
  { secrets }: CollectOptions,
  uri: S3Uri,
  place: Written,
  contract: Contract | undefined,
  { columns }: Batch,
): void {
  for (const [name, cells] of columns) {
    const column = contract === undefined ? undefined : sourceColumn(contract, name);
    for (const cell of cells) {
      if (cell === null) continue;
      if (column?.sensitive === "cvv") add(account.leaks, `cvv in ${uri}, column ${name}`, 1);
      if (typeof cell !== "string") continue;
      account.scannedCells++;
      if (column?.sensitive !== undefined && "table" in place && readsAs(column.sensitive, cell)) {
        add(account.masked, `${place.table}.${column.name}`, 1);
      }
      const found =
        secrets === undefined
          ? (column?.freeText === true || column?.sensitive === "pan") && couldHoldCard(cell)
            ? ["pan"]
            : []
          : secretsIn(cell, secrets);
      for (const kind of found) add(account.leaks, `${kind} in ${uri}, column ${name}`, 1);
    }
  }
}

/** The contract's column that a column of a file is, in the names of any source. */
function sourceColumn(contract: Contract, name: string) {
  for (const source of Object.values(contract.sources)) {
    const own = Object.hasOwn(source.columns, name) ? source.columns[name] : undefined;
    if (own !== undefined) return contract.columns.find((column) => column.name === own);
  }
  return undefined;
}

function rememberKeys(account: Account, { kind }: Written, contract: Contract, batch: Batch): void {
  const known = account.keys.get(contract.name) ?? new Set();
  account.keys.set(contract.name, known);
  const curated = account.curatedKeys.get(contract.name) ?? new Set();
  account.curatedKeys.set(contract.name, curated);
  const keys = keyOf(contract, batch.columns);
  for (let row = 0; row < batch.rows; row++) {
    const key = keys(row);
    known.add(key);
    if (kind !== "curated") continue;
    if (curated.has(key)) account.doubledKeys++;
    curated.add(key);
  }
}

function keepAsked(account: Account, asked: ReadonlySet<string>, contract: Contract, batch: Batch): void {
  if (asked.size === 0) return;
  const keys = keyOf(contract, batch.columns);
  for (let row = 0; row < batch.rows; row++) {
    const name = `${contract.name}/${keys(row)}`;
    if (!asked.has(name)) continue;
    const cells = Object.fromEntries([...batch.columns].map(([column, values]) => [column, values[row]]));
    const known = account.asked.get(name);
    if (known === undefined) account.asked.set(name, [cells]);
    else known.push(cells);
  }
}

const Reasons = v.array(v.string());

function keepReasons(
  account: Account,
  place: Written & { table: string; rest: string },
  contract: Contract,
  batch: Batch,
): void {
  const keys = keyOf(contract, batch.columns);
  const reasons = batch.columns.get("_reasons") ?? [];
  const rows = place.kind === "pending" ? account.pending : account.quarantined;
  for (let row = 0; row < batch.rows; row++) {
    const { table, rest } = place;
    rows.push({ table, rest, key: keys(row), reasons: [...v.parse(Reasons, reasons[row] ?? [])].sort() });
  }
}

function readViolations(account: Account, { columns, rows }: Batch): void {
  const [orders, rules] = [columns.get("order_id") ?? [], columns.get("rule") ?? []];
  for (let row = 0; row < rows; row++) account.violations.add(`${String(rules[row])}/${String(orders[row])}`);
}

async function readText(
  account: Account,
  reported: Reported,
  { buckets, secrets }: CollectOptions,
  uri: S3Uri,
  place: Written,
  path: string,
): Promise<void> {
  const text = await readFile(path, "utf8");
  if (secrets !== undefined) {
    for (const kind of secretsIn(text, secrets)) add(account.leaks, `${kind} in ${uri}`, 1);
  }
  if (place.kind === "manifest") account.refused.push(refusedFile(buckets, text));
  if (place.kind === "metrics") {
    const { rows_in, duplicates, masked } = v.parse(Metrics, JSON.parse(text));
    add(reported.rowsIn, place.table, rows_in);
    add(reported.duplicates, place.table, duplicates);
    add(reported.masked, place.table, masked);
  }
}

function refusedFile(buckets: Buckets, text: string): RefusedFile {
  const { source, table, reason, detail, rows } = v.parse(Manifest, JSON.parse(text));
  const { bucket, key } = parseS3Uri(source);
  if (bucket !== buckets.raw) throw new Error(`A manifest names ${source}, which is not in the raw bucket.`);
  return { key, table, reason, detail, rows };
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
