import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSession, type Row, text } from "@penstock/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clickSource, importSource } from "../../packages/local/src/interactions/import-source.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "click-sources-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const session = () =>
  openSession({ memoryMb: 256, threads: 1, tempDirectory: path.join(folder, ".temporary") });

/** Writes data sets as they are published, one query a file. */
async function published(files: Readonly<Record<string, string>>): Promise<void> {
  await using db = await session();
  for (const [name, query] of Object.entries(files))
    await db.run(`COPY (${query}) TO ${text(path.join(folder, name))} (FORMAT parquet)`);
}

async function imported() {
  const source = await clickSource(folder);
  if (source === undefined) throw new Error("the folder is no data set");
  const out = path.join(folder, "out");
  const facts = await importSource(source, out);
  await using db = await session();
  const catalogue = (name: "products" | "users"): Promise<Row[]> =>
    db.rows(
      `SELECT * FROM read_parquet(${text(path.join(out, name, "*", "*.parquet"))}, hive_partitioning = true, hive_types = {'date': VARCHAR}) ORDER BY date, 1`,
    );
  const days = (await readdir(path.join(out, "interactions"), { recursive: true }))
    .filter((name) => name.endsWith(".jsonl"))
    .sort();
  const lines = await Promise.all(
    days.map(async (name) =>
      (await readFile(path.join(out, "interactions", name), "utf8"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ),
  );
  return {
    facts,
    days: days.map((name) => path.dirname(name)),
    lines: lines.flat(),
    products: await catalogue("products"),
    users: await catalogue("users"),
  };
}

describe("Retailrocket", () => {
  const events = `
    SELECT * FROM (VALUES
      (1, 10, 'view', TIMESTAMP '2015-05-03 10:00:00'),
      (1, 11, 'view', TIMESTAMP '2015-05-03 10:00:00'),
      (1, 11, 'addtocart', TIMESTAMP '2015-05-03 10:30:00'),
      (1, 11, 'transaction', TIMESTAMP '2015-05-03 11:00:00.001'),
      (2, 10, 'view', TIMESTAMP '2015-05-05 00:00:00')
    ) AS t(user_idx, item_idx, event, event_time)`;

  it("has lines by the day of the event, and no folder of a day without any", async () => {
    await published({ "interactions.parquet": events });

    const { facts, days, lines } = await imported();

    expect(facts).toMatchObject({
      interactions: 5,
      products: 2,
      users: 2,
      from: "2015-05-03",
      to: "2015-05-05",
    });
    expect(days).toEqual(["year=2015/month=05/day=03", "year=2015/month=05/day=05"]);
    expect(lines.map((line) => line.interaction_type)).toEqual([
      "view",
      "view",
      "add_to_cart",
      "purchase",
      "view",
    ]);
    expect(lines[3].timestamp).toBe("2015-05-03T11:00:00.001Z");
  });

  it("orders what happened at one moment, and ends a visit after more than half an hour", async () => {
    await published({ "interactions.parquet": events });

    const { lines } = await imported();

    expect(
      lines.map(({ interaction_id, product_id, session_id }) => [interaction_id, product_id, session_id]),
    ).toEqual([
      ["rr_1", "item_10", "sess_1_0"],
      ["rr_2", "item_11", "sess_1_0"],
      ["rr_3", "item_11", "sess_1_0"],
      ["rr_4", "item_11", "sess_1_1"],
      ["rr_5", "item_10", "sess_2_0"],
    ]);
  });

  it("knows no categories: its ids are not those of the tree's items", async () => {
    await published({ "interactions.parquet": events });

    const { facts, products } = await imported();

    expect(facts.categorised).toBe(0);
    expect(products.map(({ product_id, category, price }) => [product_id, category, price])).toEqual([
      ["item_10", null, null],
      ["item_11", null, null],
    ]);
  });
});

describe("Complete Journey", () => {
  const sale = (at: string, value: string, quantity: number) =>
    `('h1', 's', '4e+10', 'p1', ${quantity}, ${value}::DECIMAL(10, 2), 0.0, 0.0, TIMESTAMP '${at}')`;
  const files = {
    "transactions_sample.parquet": `
      SELECT * FROM (VALUES ${[
        sale("2017-01-15 12:00:00", "2.00", 2),
        sale("2017-01-20 12:00:00", "0.00", 0),
        sale("2017-02-10 12:00:00", "9.00", 1),
        sale("2017-03-01 00:00:00", "50.00", 1),
      ].join(
        ", ",
      )}) AS t(household_id, store_id, basket_id, product_id, quantity, sales_value, retail_disc, coupon_disc,
        transaction_time_utc)`,
    "products.parquet": `
      SELECT * FROM (VALUES ('p1', '7', 'TEA', 'BLACK TEA'), ('p2', '7', NULL, NULL))
        AS t(product_id, manufacturer_id, product_category, product_type)`,
    "demographics.parquet": "SELECT 'h2' AS household_id, '25-34' AS age, 'Under 15K' AS income",
  };

  it("tells a product's price by what it was sold for before the month began, and none in the first: what is known on its eve", async () => {
    await published(files);

    const { products } = await imported();

    expect(
      products
        .filter(({ product_id }) => product_id === "product_p1")
        .map(({ date, price }) => [date, price]),
    ).toEqual([
      ["2017-01-14", null],
      ["2017-01-31", 1],
      ["2017-02-28", 5],
    ]);
  });

  it("has no category where the products have none, and households of both files", async () => {
    await published(files);

    const { facts, products, users, lines } = await imported();

    expect(facts).toMatchObject({ interactions: 4, products: 2, categorised: 1, users: 2 });
    expect(
      products.filter(({ product_id }) => product_id === "product_p2").map(({ category }) => category),
    ).toEqual([null, null, null]);
    expect(users.map(({ user_id, age_group }) => [user_id, age_group])).toEqual([
      ["household_h1", null],
      ["household_h2", "25-34"],
    ]);
    expect(lines[0].session_id).toBe("basket_40000000000");
  });
});
