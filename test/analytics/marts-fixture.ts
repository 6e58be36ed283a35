import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import {
  type AnalystTable,
  type BuildObject,
  type MartName,
  manifestKey,
  marts,
  tablePrefixOf,
} from "@penstock/contracts";
import { type DuckSession, identifier, type ObjectStore, type S3Uri, s3Uri, text } from "@penstock/runtime";
import type * as v from "valibot";

/** Columns of `given_orders` and `given_lines`, from which a session makes marts; in DuckDB's types. */
export const GIVEN = {
  orders:
    "order_id VARCHAR, customer_id VARCHAR, purchased_at TIMESTAMP, status VARCHAR, region VARCHAR, paid DOUBLE, payments BIGINT, installments BIGINT",
  lines:
    "order_id VARCHAR, product_id VARCHAR, category VARCHAR, price DOUBLE, freight DOUBLE, unit_cost DOUBLE",
} as const;

/** Only what the systems read; the other columns of a mart are null here. */
const QUERIES: Readonly<Record<Exclude<MartName, "sales">, string>> = {
  orders: `SELECT o.*, CAST(purchased_at AS DATE) AS purchase_date, status NOT IN ('canceled', 'unavailable') AS counts,
      coalesce(l.items, 0) AS items, coalesce(l.revenue, 0) AS revenue, coalesce(l.freight, 0) AS freight,
      l.revenue + l.freight AS owed, strftime(purchased_at, '%Y-%m') AS "month"
    FROM given_orders o LEFT JOIN (SELECT order_id, count(*) AS items, sum(price) AS revenue, sum(freight) AS freight
      FROM given_lines GROUP BY order_id) l USING (order_id)`,
  customers: `SELECT customer_id, arg_max(region, (purchased_at, order_id)) AS region, min(purchase_date) AS first_purchase,
      max(purchase_date) AS last_purchase, count(*) AS orders, sum(revenue + freight) AS spend,
      count(DISTINCT purchase_date) - 1 AS repeat_days, max(purchase_date) - min(purchase_date) AS recency_days,
      any_value(last_day) - min(purchase_date) AS age_days, any_value(last_day) - max(purchase_date) AS days_since_last,
      CASE WHEN count(DISTINCT purchase_date) = 1 THEN 0
        ELSE sum(CASE WHEN purchase_date > first_day THEN revenue + freight ELSE 0 END) / (count(DISTINCT purchase_date) - 1) END AS mean_repeat_spend,
      CAST(any_value(last_day) AS VARCHAR) AS as_of
    FROM (SELECT *, max(purchase_date) OVER () AS last_day, min(purchase_date) OVER (PARTITION BY customer_id) AS first_day
      FROM made_orders WHERE counts) GROUP BY customer_id`,
  products: `SELECT product_id, any_value(category) AS category, count(o.order_id) AS orders, count(o.order_id) AS quantity,
      (SELECT CAST(max(purchase_date) AS VARCHAR) FROM made_orders) AS as_of
    FROM given_lines l LEFT JOIN (SELECT order_id FROM made_orders WHERE counts) o USING (order_id) GROUP BY product_id`,
  daily_sales: `SELECT purchase_date AS sale_date, region, category, count(DISTINCT order_id) AS orders, sum(price) AS revenue, "month"
    FROM given_lines l JOIN made_orders USING (order_id) WHERE counts GROUP BY ALL`,
  regional_sales: `SELECT region, category, count(DISTINCT order_id) AS orders, sum(price) AS revenue,
      CASE WHEN count(unit_cost) = count(*) THEN sum(unit_cost) END AS cost, "month"
    FROM given_lines l JOIN made_orders USING (order_id) WHERE counts GROUP BY ALL`,
};

/**
 * Writes marts as `curated-to-prod` does (real Parquet, partitions, a manifest) from the session's tables `given_orders`
 * and `given_lines`, for tests and benches of what reads marts.
 */
export async function writeMarts(
  session: DuckSession,
  { store, bucket, build, folder }: { store: ObjectStore; bucket: string; build: string; folder: string },
): Promise<S3Uri> {
  await mkdir(folder, { recursive: true });
  const tables: Record<string, unknown> = { sales: { rows: 0, bytes: 0, objects: [] } };
  await session.run(`CREATE OR REPLACE TEMP TABLE made_orders AS ${QUERIES.orders}`);
  for (const [name, query] of Object.entries(QUERIES)) {
    const contract = Object.values<AnalystTable>(marts).find((mart) => mart.name === name);
    if (contract === undefined) throw new Error(`no mart ${name}`);
    tables[name] = await writeMart(contract, name === "orders" ? "FROM made_orders" : query);
  }
  const [row] = await session.rows("SELECT CAST(max(purchase_date) AS VARCHAR) AS as_of FROM made_orders");
  const uri = s3Uri(bucket, manifestKey(build));
  await store.putJson(uri, {
    build,
    built_at: "2026-11-21T05:30:00Z",
    as_of: row?.as_of ?? null,
    curated_rows: 0,
    orders_left_out: 3,
    tables,
  });
  return uri;

  async function writeMart({ name, columns, partitionKeys }: AnalystTable, query: string) {
    const [, partition = { name: "" }] = partitionKeys;
    await session.run(`CREATE OR REPLACE TEMP VIEW made AS ${query}`);
    const made = new Set((await session.describe("made")).map((column) => column.name));
    const cells = columns.map(
      ({ name: column, type }) =>
        `CAST(${made.has(column) ? identifier(column) : "NULL"} AS ${type === "string" ? "VARCHAR" : type}) AS ${identifier(column)}`,
    );
    const to = path.join(folder, name);
    await session.run(
      `COPY (SELECT ${cells.join(", ")}, ${identifier(partition.name)} FROM made) TO ${text(to)} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (${identifier(partition.name)}))`,
    );
    const objects: v.InferOutput<typeof BuildObject>[] = [];
    const files = await readdir(to, { recursive: true });
    for (const file of files.filter((one) => one.endsWith(".parquet")).sort()) {
      const [at = ""] = file.split(path.sep);
      const key = `${tablePrefixOf(name, build)}${at}/part-${objects.length}.parquet`;
      const [counted] = await session.rows(
        `SELECT count(*) AS n FROM read_parquet(${text(path.join(to, file))})`,
      );
      const { size } = await stat(path.join(to, file));
      await store.upload(path.join(to, file), s3Uri(bucket, key));
      const value = at.slice(at.indexOf("=") + 1);
      objects.push({ key, rows: Number(counted?.n), bytes: size, partition: { [partition.name]: value } });
    }
    const total = (of: "rows" | "bytes") => objects.reduce((sum, object) => sum + object[of], 0);
    return { rows: total("rows"), bytes: total("bytes"), objects };
  }
}
