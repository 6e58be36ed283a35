import path from "node:path";
import { type Contract, contracts, rowsPrefix, typedNulls } from "@penstock/contracts";
import {
  type DuckSession,
  identifier,
  inParallel,
  type S3Uri,
  s3Uri,
  text,
  workDirectory,
} from "@penstock/runtime";
import type { FeaturesPorts } from "./ports.ts";
import type { SyncCatalogueInput } from "./task-inputs.ts";

/** Rows of each snapshot that was written; 0 where it was there. */
export interface SyncedCatalogue {
  readonly products: number;
  readonly users: number;
}

/** The name under which the lake's catalogues are among those of a date. */
const SOURCE = "curated";

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
  FROM products p LEFT JOIN sold s USING (product_id) LEFT JOIN reviewed r USING (product_id)
  ORDER BY p.product_id`;

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
  FROM customers c LEFT JOIN bought b USING (person_id) GROUP BY c.person_id ORDER BY user_id`;

const QUERIES = [
  ["products", PRODUCTS],
  ["users", USERS],
] as const;

/**
 * Writes the snapshots of products and users as they are curated now, under the given date, unless they are there: what a
 * day's catalogue was stays so, however often and late its run is repeated. An empty curated zone has no catalogue:
 * nothing is written, and what other sources deliver stays what it is.
 */
export async function syncCatalogue(
  { date }: SyncCatalogueInput,
  ports: FeaturesPorts,
): Promise<SyncedCatalogue> {
  const { store, settings } = ports;
  const written = { products: 0, users: 0 };
  const places = await Promise.all(
    QUERIES.map(async ([name, sql]) => {
      const to: S3Uri = s3Uri(settings.interactions, `${name}/date=${date}/${SOURCE}.parquet`);
      return { name, sql, to, isThere: await isThere(to, store) };
    }),
  );
  const missing = places.filter((place) => !place.isThere);
  if (missing.length === 0) return written;
  await using work = await workDirectory();
  await using session = await ports.openSession(path.join(work.path, "spill"));
  for (const table of TABLES) await viewOf(table, work.path, session, ports);
  for (const { name, sql, to } of missing) {
    const file = path.join(work.path, `${name}.parquet`);
    await session.run(
      `COPY (${sql}) TO ${text(file)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440)`,
    );
    const [counted] = await session.rows(`SELECT count(*) AS rows FROM read_parquet(${text(file)})`);
    written[name] = Number(counted?.rows ?? 0);
    if (written[name] === 0) continue;
    await store.upload(file, to, { contentType: "application/vnd.apache.parquet" });
  }
  return written;
}

async function isThere(object: S3Uri, store: FeaturesPorts["store"]): Promise<boolean> {
  for await (const { uri } of store.list(object)) if (uri === object) return true;
  return false;
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
