import path from "node:path";
import {
  type CatalogueTable,
  type Contract,
  catalogueProducts,
  catalogueTables,
  catalogueUsers,
  contracts,
  rowsPrefix,
  typedNulls,
} from "@penstock/contracts";
import {
  type DuckSession,
  identifier,
  inParallel,
  type S3Uri,
  s3Uri,
  text,
  workDirectory,
} from "@penstock/runtime";
import { fileDigest, knownDigests, noteDigests, stateName } from "./catalogue-digests.ts";
import { maskedRows } from "./catalogue-masking.ts";
import { CURATED } from "./catalogue-snapshots.ts";
import type { FeaturesPorts } from "./ports.ts";
import { dayOf, daysAfter } from "./run-window.ts";

/** Rows of each snapshot that was written; 0 where none was. */
export interface SyncedCatalogue {
  readonly products: number;
  readonly users: number;
}

export interface SyncPorts extends FeaturesPorts {
  readonly now: () => Date;
}

const TABLES = ["products", "customers", "orders", "order_items", "reviews"] as const;
type Table = (typeof TABLES)[number];

/** Columns that the queries read of each table. */
const COLUMNS: Readonly<Record<Table, readonly string[]>> = {
  products: ["product_id", "name", "category", "brand", "price", "description", "is_active", "updated_at"],
  customers: ["customer_id", "person_id", "state", "created_at", "updated_at"],
  orders: ["order_id", "customer_id", "purchased_at", "updated_at"],
  order_items: ["order_id", "order_item_id", "product_id", "price", "updated_at"],
  reviews: ["review_id", "order_id", "score", "answered_at"],
};

/** Of a key in several objects the latest row, as everywhere; ties by all columns that are read. */
function latest(table: Table): string {
  const contract: Contract = contracts[table];
  const key = contract.primaryKey.map(identifier).join(", ");
  const rest = COLUMNS[table].map((name) => `${identifier(name)} NULLS LAST`).join(", ");
  return `SELECT ${COLUMNS[table].map(identifier).join(", ")} FROM curated_${table} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ${identifier(contract.latestBy)} DESC NULLS LAST, ${rest}) = 1`;
}

/**
 * A product's price is the catalogue's, else the median of what a piece was sold for. It was made when it was first sold,
 * for the curated zone does not know better.
 */
const PRODUCTS = `
  WITH sold AS (
    SELECT i.product_id, CAST(median(i.price) AS DECIMAL(12, 2)) AS price, min(o.purchased_at) AS first_sold
    FROM order_items i JOIN orders o USING (order_id) GROUP BY i.product_id
  ), reviewed AS (
    SELECT i.product_id, avg(r.score) AS avg_rating, count(*) AS num_reviews
    FROM (SELECT DISTINCT order_id, product_id FROM order_items) i JOIN reviews r USING (order_id) GROUP BY i.product_id
  )
  SELECT p.product_id, p.name, p.category, CAST(NULL AS VARCHAR) AS subcategory, p.brand,
    CAST(COALESCE(p.price, s.price) AS DECIMAL(12, 2)) AS price, p.description, CAST(NULL AS VARCHAR) AS attributes,
    CAST(r.avg_rating AS DOUBLE) AS avg_rating, COALESCE(r.num_reviews, 0) AS num_reviews, s.first_sold AS created_at,
    COALESCE(p.is_active, TRUE) AS is_active
  FROM products p LEFT JOIN sold s USING (product_id) LEFT JOIN reviewed r USING (product_id)`;

/** A user is a person, whose accounts may be several; a segment by how often the person has bought. */
const USERS = `
  WITH bought AS (
    SELECT c.person_id, count(*) AS orders, min(o.purchased_at) AS first_order
    FROM customers c JOIN orders o USING (customer_id) GROUP BY c.person_id
  )
  SELECT c.person_id AS user_id, CAST(NULL AS VARCHAR) AS age_group, CAST(NULL AS VARCHAR) AS gender,
    arg_max(c.state, (COALESCE(c.updated_at, TIMESTAMP '1970-01-01'), c.customer_id)) AS location,
    COALESCE(min(c.created_at), any_value(b.first_order)) AS join_date,
    CASE WHEN COALESCE(any_value(b.orders), 0) = 0 THEN 'new' WHEN any_value(b.orders) = 1 THEN 'regular' ELSE 'loyal' END AS customer_segment,
    CAST(NULL AS VARCHAR) AS preferences
  FROM customers c LEFT JOIN bought b USING (person_id) GROUP BY c.person_id`;

const QUERIES = {
  products: { contract: catalogueProducts, sql: PRODUCTS },
  users: { contract: catalogueUsers, sql: USERS },
} as const;

/** Days after which an unchanged catalogue is written all the same: snapshots expire, and the last one must not. */
const REWRITTEN_AFTER_DAYS = 30;

/**
 * Writes the snapshots of products and users as they are curated now, under the day that it is. One that is there stays
 * what it was, and a catalogue that is what its last snapshot says has no new one. An empty curated zone has no catalogue:
 * nothing is written, and what other sources deliver stays what it is.
 */
export async function syncCatalogue(ports: SyncPorts): Promise<SyncedCatalogue> {
  const { store } = ports;
  const today = dayOf(ports.now());
  const written = { products: 0, users: 0 };
  const tables = await Promise.all(
    catalogueTables.map(async (table) => ({ table, last: await lastSnapshot(table, ports) })),
  );
  const open = tables.filter(({ last }) => last?.date !== today);
  if (open.length === 0) return written;
  await using work = await workDirectory();
  await using session = await ports.openSession(path.join(work.path, "spill"));
  for (const table of TABLES) await viewOf(table, work.path, session, ports);
  for (const { table, last } of open) {
    const file = path.join(work.path, `${table}.parquet`);
    const { contract, sql } = QUERIES[table];
    // The rows of a query have no order of their own once they are masked.
    const rows = `${maskedRows(contract, sql)} ORDER BY ${contract.primaryKey.map(identifier).join(", ")}`;
    await session.run(
      `COPY (${rows}) TO ${text(file)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440)`,
    );
    const [counted] = await session.rows(`SELECT count(*) AS rows FROM read_parquet(${text(file)})`);
    const isSame = last !== undefined && last.digest === (await fileDigest(file));
    const isOld = last !== undefined && daysAfter(last.date, REWRITTEN_AFTER_DAYS) <= today;
    if (Number(counted?.rows) === 0 || (isSame && !isOld)) continue;
    written[table] = Number(counted?.rows);
    const to = snapshotUri(table, today, ports);
    await store.upload(file, to, { contentType: "application/vnd.apache.parquet" });
    for await (const { uri, etag } of store.list(to))
      if (uri === to) await noteDigests([{ uri, etag, file }], new Map(), ports);
  }
  return written;
}

function snapshotUri(table: CatalogueTable, date: string, { settings }: Pick<SyncPorts, "settings">): S3Uri {
  return s3Uri(settings.interactions, `${table}/date=${date}/${CURATED}.parquet`);
}

/** The latest snapshot of the curated zone, and the digest of its content where that was noted. */
async function lastSnapshot(
  table: CatalogueTable,
  ports: SyncPorts,
): Promise<{ readonly date: string; readonly digest: string | undefined } | undefined> {
  const { store, settings } = ports;
  const prefix = s3Uri(settings.interactions, `${table}/date=`);
  let last: { readonly date: string; readonly state: string } | undefined;
  for await (const object of store.list(prefix)) {
    const date = object.uri.slice(prefix.length).split("/")[0] ?? "";
    if (object.uri !== snapshotUri(table, date, ports) || date < (last?.date ?? "")) continue;
    last = { date, state: stateName(object) };
  }
  const digests = await knownDigests(table, ports);
  return last && { date: last.date, digest: digests.get(last.state) };
}

/** A table of the curated zone under its own name, each key once; without rows where it has no object. */
async function viewOf(
  table: Table,
  folder: string,
  session: DuckSession,
  { store, settings }: FeaturesPorts,
): Promise<void> {
  const contract: Contract = contracts[table];
  const uris: S3Uri[] = [];
  for await (const { uri } of store.list(s3Uri(settings.curated, rowsPrefix(table))))
    if (uri.endsWith(".parquet")) uris.push(uri);
  const files = await inParallel(uris.toSorted(), async (uri, index) => {
    const file = path.join(folder, `${table}-${index}.parquet`);
    await store.download(uri, file);
    return file;
  });
  const rows =
    files.length === 0
      ? `SELECT ${typedNulls(contract)} WHERE FALSE`
      : `SELECT * FROM read_parquet([${files.map(text).join(", ")}], hive_partitioning = false)`;
  await session.run(`CREATE VIEW curated_${table} AS ${rows}`);
  await session.run(`CREATE VIEW ${table} AS ${latest(table)}`);
}
