import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { finished } from "node:stream/promises";
import { catalogueProducts, catalogueUsers, sqlType } from "@penstock/contracts";
import { identifier, openSession, text } from "@penstock/runtime";
import { clickstream } from "../packages/local/src/interactions/clickstream.ts";
import type { FeatureData } from "./features-measured.ts";

/** So many objects a day, as a delivery stream would leave many. */
const OBJECTS_A_DAY = 4;
const DAYS = 60;
const FROM = "2025-03-01";
const CATEGORIES = 40;
const BRANDS = 150;

/** Writes `interactions`, `products` and `users` below a folder in the layout of their bucket: a process of its own. */
const [folder = "", rows = "", users = "", products = ""] = process.argv.slice(2);
const from = Date.parse(`${FROM}T00:00:00Z`);
const shop = {
  users: Array.from({ length: Number(users) }, (_, n) => `user_${n}`),
  products: Array.from({ length: Number(products) }, (_, n) => ({
    product_id: `product_${n}`,
    category: `category ${n % CATEGORIES}`,
  })),
};
const stream = clickstream({ seed: 5, shop, from, days: DAYS, interactions: Number(rows) });
const dayOf = (index: number) => new Date(from + index * 86_400_000).toISOString().slice(0, 10);
for (let index = 0; index < DAYS; index++) {
  const [year, month, day] = dayOf(index).split("-");
  const directory = path.join(folder, "interactions", `year=${year}`, `month=${month}`, `day=${day}`);
  await mkdir(directory, { recursive: true });
  const events = stream.day(index);
  const size = Math.ceil(events.length / OBJECTS_A_DAY);
  for (let object = 0; object < OBJECTS_A_DAY; object++) {
    const file = createWriteStream(path.join(directory, `part-${object}.jsonl`));
    file.end(
      events
        .slice(object * size, (object + 1) * size)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(""),
    );
    await finished(file);
  }
}
await using session = await openSession({
  memoryMb: 512,
  threads: 2,
  tempDirectory: path.join(folder, "spill"),
});
const catalogues = [
  {
    contract: catalogueProducts,
    sql: `SELECT 'product_' || n AS product_id, 'Product ' || n AS name, 'category ' || n % ${CATEGORIES} AS category,
      'subcategory ' || n % ${4 * CATEGORIES} AS subcategory, 'brand ' || n % ${BRANDS} AS brand,
      CAST((499 + n * 7919 % 20000) / 100 AS DECIMAL(12, 2)) AS price, NULL AS description, '{}' AS attributes,
      CAST(NULL AS DOUBLE) AS avg_rating, CAST(0 AS BIGINT) AS num_reviews,
      TIMESTAMP '2024-06-01' + INTERVAL (n % 300) DAY AS created_at, true AS is_active
      FROM range(${shop.products.length}) made(n)`,
  },
  {
    contract: catalogueUsers,
    sql: `SELECT 'user_' || n AS user_id, '25-34' AS age_group, NULL AS gender, 'Urban' AS location,
      TIMESTAMP '2024-01-01' AS join_date, 'regular' AS customer_segment, '{}' AS preferences
      FROM range(${shop.users.length}) made(n)`,
  },
];
for (const { contract, sql } of catalogues) {
  const directory = path.join(folder, contract.name, `date=${FROM}`);
  await mkdir(directory, { recursive: true });
  const columns = contract.columns
    .map((column) => `CAST(${identifier(column.name)} AS ${sqlType(column)}) AS ${identifier(column.name)}`)
    .join(", ");
  await session.run(
    `COPY (SELECT ${columns} FROM (${sql})) TO ${text(path.join(directory, "catalogue.parquet"))} (FORMAT parquet)`,
  );
}
const made: FeatureData = { folder, rows: Number(rows), until: dayOf(DAYS) };
console.log(JSON.stringify(made));
