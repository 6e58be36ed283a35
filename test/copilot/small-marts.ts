import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetCrawlerCommand, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import {
  type AnalystTable,
  type MartsManifest,
  manifestKey,
  marts,
  tablePrefixOf,
} from "@penstock/contracts";
import type { CopilotSettings } from "@penstock/copilot";
import { type clientsOf, eventually } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

/** The build that is asked, and one before it, with other rows, which must never be. */
export const current = "20180501T060000Z-000002";
export const before = "20180430T060000Z-000001";

export const settings: CopilotSettings = {
  martsBucket: "marts",
  copilotBucket: "retail-copilot",
  database: "penstock_test_marts",
  workgroup: "analytics",
  buildsTable: "builds",
  modelId: "us.amazon.nova-pro-v1:0",
  modelRegion: "us-east-1",
  maxBytes: 100_000_000,
  maxRows: 50,
  maxSeconds: 60,
  modelSeconds: 30,
};

/** Orders and their lines, made by rules without chance. `shift` makes other ones. */
function source(shift: number): string {
  return `
    CREATE OR REPLACE TABLE made_orders AS
    SELECT 'o' || i AS order_id, 'c' || (i * 7 + ${shift}) % 90 AS customer_id,
      TIMESTAMP '2017-10-03 08:30:00' + to_minutes((i * 997 + ${shift}) % 285000) AS purchased_at,
      CASE WHEN i % 17 = 0 THEN 'canceled' WHEN i % 31 = 0 THEN 'unavailable' WHEN i % 11 = 0 THEN 'shipped'
        ELSE 'delivered' END AS status,
      ['SP', 'SP', 'RJ', 'MG', 'RS'][1 + (i * 7 + ${shift}) % 90 % 5] AS region,
      ['credit_card', 'boleto', 'credit_card', 'voucher', 'debit_card'][1 + (i * 3) % 5] AS payment_type,
      1 + (i * 5) % 7 AS installments, 2 + (i * 13) % 25 AS days, 12 AS promised,
      CASE WHEN i % 9 = 0 THEN NULL ELSE 1 + (i * 11) % 5 END AS review_score
    FROM range(1, 321) AS r(i);
    CREATE OR REPLACE TABLE made_products AS
    SELECT 'p' || i AS product_id, ['electronics', 'health_beauty', 'toys', 'garden_tools', 'unknown'][1 + i % 5] AS category,
      CAST(5 + (i * 37) % 90 + 0.5 AS DECIMAL(12,2)) AS price, CAST(3 + (i * 19) % 40 AS DECIMAL(12,2)) AS unit_cost,
      CASE WHEN i % 4 = 0 THEN NULL ELSE (i * 3) % 50 END AS stock
    FROM range(1, 26) AS r(i);
    CREATE OR REPLACE TABLE made_lines AS
    SELECT o.order_id, n AS order_item_id, 'p' || (1 + (CAST(substr(o.order_id, 2) AS INTEGER) * 5 + n * 8) % 24) AS product_id,
      's' || (1 + (CAST(substr(o.order_id, 2) AS INTEGER) + n) % 9) AS seller_id,
      1 + (CAST(substr(o.order_id, 2) AS INTEGER) + n) % 3 AS quantity,
      CAST(4 + (CAST(substr(o.order_id, 2) AS INTEGER) * 3 + n) % 21 AS DECIMAL(12,2)) AS freight
    FROM made_orders AS o, range(1, 5) AS r(n)
    WHERE n <= CAST(substr(o.order_id, 2) AS INTEGER) % 5;`;
}

const region = "['RJ', 'SP', 'MG'][1 + CAST(substr(l.seller_id, 2) AS INTEGER) % 3]";
const counts = "o.status NOT IN ('canceled', 'unavailable')";
const delivery = `CASE WHEN o.status = 'delivered' THEN o.days END AS delivery_days,
  CASE WHEN o.status = 'delivered' THEN o.days > o.promised END AS is_late`;
const city = "CASE o.region WHEN 'SP' THEN 'sao paulo' WHEN 'RJ' THEN 'niteroi' ELSE 'centro' END AS city";

/** The marts over what was made, each as one query with the columns of its contract. */
const queries: Readonly<Record<keyof typeof marts, string>> = {
  sales: `SELECT l.order_id, l.order_item_id, o.purchased_at, CAST(o.purchased_at AS DATE) AS purchase_date, o.status,
      ${counts} AS counts, o.customer_id, o.region, ${city}, l.product_id, p.category, l.seller_id,
      ${region} AS seller_region, l.quantity, p.price, l.freight, p.price * l.quantity AS revenue,
      p.unit_cost * l.quantity AS cost, (p.price - p.unit_cost) * l.quantity AS margin, ${delivery},
      strftime(o.purchased_at, '%Y-%m') AS month
    FROM made_lines AS l JOIN made_orders AS o USING (order_id) JOIN made_products AS p USING (product_id)`,
  orders: `SELECT o.order_id, o.customer_id, o.purchased_at, CAST(o.purchased_at AS DATE) AS purchase_date, o.status,
      ${counts} AS counts, o.region, ${city}, coalesce(items, 0) AS items, coalesce(revenue, 0) AS revenue,
      coalesce(freight, 0) AS freight, revenue + freight AS owed, 1 AS payments, coalesce(revenue + freight, 0) AS paid,
      o.payment_type, o.installments, ${delivery}, o.review_score, strftime(o.purchased_at, '%Y-%m') AS month
    FROM made_orders AS o LEFT JOIN (
      SELECT l.order_id, count(*) AS items, sum(p.price * l.quantity) AS revenue, sum(l.freight) AS freight
      FROM made_lines AS l JOIN made_products AS p USING (product_id) GROUP BY l.order_id) AS s USING (order_id)`,
  customers: `SELECT customer_id, any_value(region) AS region, any_value(city) AS city,
      min(purchase_date) AS first_purchase, max(purchase_date) AS last_purchase, count(*) AS orders, sum(items) AS items,
      sum(revenue + freight) AS spend, sum(revenue + freight) / count(*) AS mean_order_value, 0 AS repeat_days,
      0 AS recency_days, 0 AS age_days, 0 AS days_since_last, 0 AS mean_repeat_spend, NULL AS favourite_category,
      avg(review_score) AS mean_review_score, '2018-04-18' AS as_of
    FROM orders WHERE counts GROUP BY customer_id`,
  products: `SELECT p.product_id, p.category, count(DISTINCT s.order_id) AS orders, coalesce(sum(s.quantity), 0) AS quantity,
      coalesce(sum(s.revenue), 0) AS revenue, avg(p.price) AS mean_price, any_value(p.unit_cost) AS unit_cost,
      sum(s.margin) AS margin, count(DISTINCT s.seller_id) AS sellers, min(s.purchase_date) AS first_sold,
      max(s.purchase_date) AS last_sold, any_value(p.stock) AS stock, NULL AS mean_review_score, '2018-04-18' AS as_of
    FROM made_products AS p LEFT JOIN sales AS s ON s.product_id = p.product_id AND s.counts GROUP BY ALL`,
  daily_sales: `SELECT purchase_date AS sale_date, region, category, count(DISTINCT order_id) AS orders,
      count(DISTINCT customer_id) AS customers, sum(quantity) AS quantity, sum(revenue) AS revenue, sum(freight) AS freight, month
    FROM sales WHERE counts GROUP BY ALL`,
  regional_sales: `SELECT region, category, count(DISTINCT order_id) AS orders, count(DISTINCT customer_id) AS customers,
      sum(quantity) AS quantity, sum(revenue) AS revenue, sum(freight) AS freight, sum(cost) AS cost, NULL AS late_share,
      NULL AS mean_review_score, month
    FROM sales WHERE counts GROUP BY ALL`,
};

/** The columns in the types of the contract. */
function typed({ columns, partitionKeys }: AnalystTable): string {
  return [...columns, ...partitionKeys.slice(1)]
    .map(({ name, type }) => `CAST(${name} AS ${type === "string" ? "VARCHAR" : type}) AS ${name}`)
    .join(", ");
}

/** Small marts of two builds: in the local cloud, and the current one in a DuckDB beside it, for reference. */
export class SmallMarts {
  readonly #directory = mkdtempSync(join(tmpdir(), "penstock-copilot-"));
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async make(): Promise<SmallMarts> {
    return new SmallMarts(await DuckDBInstance.create());
  }

  /** Rows of a query over the marts of the build that was put last, as DuckDB gives them in JSON. */
  async rows(sql: string): Promise<unknown[][]> {
    const connection = await this.#instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRowsJson();
    } finally {
      connection.closeSync();
    }
  }

  /** Puts a build's objects and manifest. */
  async put(clients: ReturnType<typeof clientsOf>, build: string, shift: number): Promise<void> {
    await this.rows(source(shift));
    const tables: MartsManifest["tables"] = {};
    for (const [name, query] of Object.entries(queries)) {
      const mart = Object.values(marts).find((each) => each.name === name);
      if (mart === undefined) throw new Error(`no mart ${name}`);
      const by = mart.partitionKeys[1]?.name ?? "";
      await this.rows(`CREATE OR REPLACE TABLE ${name} AS SELECT ${typed(mart)} FROM (${query})`);
      const objects: MartsManifest["tables"][string]["objects"] = [];
      for (const [value] of await this.rows(`SELECT DISTINCT ${by} FROM ${name} ORDER BY 1`)) {
        const file = join(this.#directory, "part.parquet");
        const rows = `FROM ${name} WHERE ${by} = '${value}'`;
        const columns = mart.columns.map((column) => column.name).join(", ");
        await this.rows(
          `COPY (SELECT ${columns} ${rows} ORDER BY ALL) TO '${file}' (FORMAT parquet, COMPRESSION snappy)`,
        );
        const Body = readFileSync(file);
        const key = `${tablePrefixOf(name, build)}${by}=${value}/part-0.parquet`;
        await clients.s3.send(new PutObjectCommand({ Bucket: settings.martsBucket, Key: key, Body }));
        const [[count]] = (await this.rows(`SELECT count(*)::INTEGER ${rows}`)) as [[number]];
        objects.push({ key, rows: count, bytes: Body.length, partition: { [by]: String(value) } });
      }
      const sum = (of: "rows" | "bytes") => objects.reduce((total, object) => total + object[of], 0);
      tables[name] = { rows: sum("rows"), bytes: sum("bytes"), objects };
    }
    await putManifest(clients, {
      build,
      built_at: "2018-05-01T06:00:00Z",
      as_of: "2018-04-18",
      curated_rows: 1000,
      orders_left_out: 0,
      tables,
    });
  }

  close(): void {
    this.#instance.closeSync();
    rmSync(this.#directory, { recursive: true });
  }
}

export async function putManifest(
  { s3 }: Pick<ReturnType<typeof clientsOf>, "s3">,
  manifest: MartsManifest,
): Promise<void> {
  const Key = manifestKey(manifest.build);
  await s3.send(new PutObjectCommand({ Bucket: settings.martsBucket, Key, Body: JSON.stringify(manifest) }));
}

/** Makes a build the current one; `catalogued` is the last one that Athena has counted, null where there is none. */
export async function makeCurrent(
  { dynamodb }: Pick<ReturnType<typeof clientsOf>, "dynamodb">,
  build: string,
  catalogued: string | null = build,
): Promise<void> {
  const Item = {
    system: { S: "marts" },
    build: { S: build },
    built_at: { S: "2018-05-01T06:00:00Z" },
    generation: { N: "2" },
    ...(catalogued !== null && { catalogued: { S: catalogued } }),
  };
  await dynamodb.send(new PutItemCommand({ TableName: settings.buildsTable, Item }));
}

/** Registers the builds' partitions. */
export async function crawl({ glue }: Pick<ReturnType<typeof clientsOf>, "glue">): Promise<void> {
  const Name = "marts";
  await glue.send(new StartCrawlerCommand({ Name }));
  await eventually(async () => {
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name }));
    return Crawler?.State === "READY" && Crawler.LastCrawl?.Status === "SUCCEEDED" ? true : undefined;
  });
}

/** What the copilot needs of a deployment. */
export function resources() {
  const tables = Object.values(marts).map((mart) =>
    graph.resource("aws:glue/catalogTable:CatalogTable", mart.name, {
      name: mart.name,
      databaseName: settings.database,
      partitionKeys: mart.partitionKeys.map(({ name, type }) => ({ name, type })),
      storageDescriptor: {
        location: `s3://${settings.martsBucket}/${mart.name}/`,
        columns: mart.columns.map(({ name, type }) => ({ name, type })),
        inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      },
    }),
  );
  const crawler = graph.resource("aws:glue/crawler:Crawler", "marts", {
    name: "marts",
    role: "arn:aws:iam::000000000000:role/crawls",
    databaseName: settings.database,
    catalogTargets: [{ databaseName: settings.database, tables: Object.keys(marts) }],
    schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
    recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
    configuration: JSON.stringify({
      Version: 1,
      CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
    }),
  });
  const workgroup = graph.resource("aws:athena/workgroup:Workgroup", settings.workgroup, {
    name: settings.workgroup,
    configuration: { resultConfiguration: { outputLocation: "s3://results/analytics/" } },
  });
  const builds = graph.table(settings.buildsTable, {
    hashKey: "system",
    attributes: [{ name: "system", type: "S" }],
  });
  const buckets = [settings.martsBucket, settings.copilotBucket, "results"].map(graph.bucket);
  return graph.graphOf([...buckets, ...tables, crawler, workgroup, builds]);
}
