import path from "node:path";
import { openSession, text } from "@penstock/runtime";

/** The files of the refine bench. */
export interface RefineData {
  readonly items: string;
  /** The first thousand of the items, to warm a process up with. */
  readonly few: string;
  /** Curated parents of the items, by table. */
  readonly parents: Readonly<Record<"orders" | "products" | "sellers", string>>;
}

const ROWS = 1_000_000;

/** A whole number from 0 up to `limit`, by row and purpose; the same in every run. */
function pick(limit: number, purpose: number): string {
  return `(hash(i * 31 + ${purpose}) % ${limit})`;
}

/**
 * Writes 1,000,000 order items in no order, the same in every run: 1 % stand twice with another date, 0.3 % break a
 * rule, 0.1 % name a product that nobody has; and the 250,000 orders, 20,000 products and 3,000 sellers they name.
 */
export async function makeRefineData(folder: string): Promise<RefineData> {
  await using session = await openSession({
    memoryMb: 2000,
    threads: 2,
    tempDirectory: path.join(folder, "spill"),
  });
  const write = async (name: string, query: string): Promise<string> => {
    const file = path.join(folder, `${name}.parquet`);
    await session.run(`COPY (${query}) TO ${text(file)} (FORMAT parquet, COMPRESSION snappy)`);
    return file;
  };
  const keys = (name: string, letter: string, count: number) =>
    write(
      name,
      `SELECT md5('${letter}' || i) AS ${name.slice(0, -1)}_id FROM range(${count}) r(i) ORDER BY 1`,
    );
  const items = await write(
    "items",
    `SELECT md5('o' || (line // 4)) AS order_id,
       CASE WHEN ${pick(1000, 1)} = 0 THEN -1 ELSE line % 4 + 1 END AS order_item_id,
       md5(CASE WHEN ${pick(1000, 2)} = 0 THEN 'none' ELSE 'p' || ${pick(20_000, 3)} END) AS product_id,
       CASE WHEN ${pick(1000, 4)} = 0 THEN 'not an id' ELSE md5('s' || ${pick(3000, 5)}) END AS seller_id,
       TIMESTAMP '2025-01-01' + INTERVAL 1 SECOND * ${pick(8_000_000, 6)} AS shipping_limit_at,
       CASE WHEN ${pick(1000, 7)} = 0 THEN NULL ELSE CAST(${pick(100_000, 8)} / 100 AS DECIMAL(10, 2)) END AS price,
       CAST(${pick(5000, 9)} / 100 AS DECIMAL(10, 2)) AS freight_value,
       CAST(1 + ${pick(3, 10)} AS BIGINT) AS quantity,
       TIMESTAMP '2025-02-01' + INTERVAL 1 SECOND * ${pick(8_000_000, 11)} AS updated_at
     FROM (SELECT i, CASE WHEN i % 100 = 99 THEN i - 5 ELSE i END AS line FROM range(${ROWS}) r(i) ORDER BY hash(i))`,
  );
  return {
    items,
    few: await write("few", `SELECT * FROM read_parquet(${text(items)}) LIMIT 1000`),
    parents: {
      orders: await keys("orders", "o", ROWS / 4),
      products: await keys("products", "p", 20_000),
      sellers: await keys("sellers", "s", 3000),
    },
  };
}
