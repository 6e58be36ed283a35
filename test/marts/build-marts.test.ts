import { type MartName, marts } from "@penstock/contracts";
import { s3Uri, text } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectedShop } from "./expected-shop.ts";
import { BUILD, BUILT_AT, type TestMarts, testMarts } from "./marts-fixture.ts";
import { item, order, putShop, shop } from "./small-shop.ts";

const names: readonly MartName[] = [
  "sales",
  "orders",
  "customers",
  "products",
  "daily_sales",
  "regional_sales",
];
const LATER = "20261121T063000Z-000002";

describe("the marts of a small shop", () => {
  let zone: TestMarts;

  beforeAll(async () => {
    zone = await testMarts();
    await putShop(zone);
    await zone.build();
  });
  afterAll(() => zone[Symbol.asyncDispose]());

  test.each(names)("%s are what is worked out by hand", async (name) => {
    expect(await zone.rows(name)).toEqual(expectedShop[name]);
  });

  test.each(names)(
    "%s have the contract's columns and types, in its order, and no folder's column",
    async (name) => {
      const [first] = (await zone.manifest()).tables[name]?.objects ?? [];
      const file = `${zone.folder}/${name}.parquet`;
      await zone.store.download(s3Uri("marts", first?.key ?? ""), file);

      const found = await zone.session.describe(`read_parquet(${text(file)}, hive_partitioning = false)`);

      expect(found.map((column) => [column.name, column.type])).toEqual(
        marts[name].columns.map(({ name: column, type }) => [
          column,
          type === "string" ? "VARCHAR" : type.toUpperCase(),
        ]),
      );
    },
  );

  test("an object per month, or one as of the last day, in Snappy and as the manifest says", async () => {
    const manifest = await zone.manifest();
    const objects = Object.values(manifest.tables).flatMap((table) => table.objects);

    expect(Object.keys(await zone.objects("marts")).toSorted()).toEqual(
      [...objects.map(({ key }) => key), `_builds/${BUILD}.json`].toSorted(),
    );
    expect(manifest.tables.sales?.objects.map(({ key, rows, partition }) => [key, rows, partition])).toEqual([
      [`sales/build=${BUILD}/month=2025-01/part-0.parquet`, 2, { month: "2025-01" }],
      [`sales/build=${BUILD}/month=2025-02/part-0.parquet`, 2, { month: "2025-02" }],
    ]);
    expect(manifest.tables.products?.objects.map(({ key }) => key)).toEqual([
      `products/build=${BUILD}/as_of=2025-02-10/part-0.parquet`,
    ]);
    for (const { key, bytes } of objects) {
      expect((await zone.store.head(s3Uri("marts", key)))?.bytes).toBe(bytes);
      const file = `${zone.folder}/codec.parquet`;
      await zone.store.download(s3Uri("marts", key), file);
      expect(
        await zone.session.rows(`SELECT DISTINCT compression AS c FROM parquet_metadata(${text(file)})`),
      ).toEqual([{ c: "SNAPPY" }]);
    }
  });

  test("the summary has the numbers of the build, and a check that Athena can answer", async () => {
    const summary = await zone.build(LATER);

    expect(summary).toMatchObject({
      build: LATER,
      built_at: BUILT_AT,
      as_of: "2025-02-10",
      curated_rows: Object.values(shop).reduce((sum, rows) => sum + rows.length, 0),
      orders_left_out: 1,
      rows: { sales: 4, orders: 4, customers: 2, products: 3, daily_sales: 3, regional_sales: 3 },
      manifest: `s3://marts/_builds/${LATER}.json`,
    });
    expect(summary.check.rows).toBe("19");
    expect(summary.check.counts).toBe(
      "customers=2 daily_sales=3 orders=4 products=3 regional_sales=3 sales=4",
    );
    expect(summary.check.sql.match(/WHERE build = '20261121T063000Z-000002'/g)).toHaveLength(names.length);
  });
});

describe("a build", () => {
  test("writes the same bytes of the same objects, whatever the threads", async () => {
    const tags: string[] = [];
    for (const threads of [1, 3]) {
      await using zone = await testMarts({ threads });
      await putShop(zone);
      await zone.build();
      tags.push(JSON.stringify(await zone.objects("marts")));
    }

    expect(tags[1]).toBe(tags[0]);
  });

  test("of a zone without any object has no rows, no object but the manifest, and no last day", async () => {
    await using zone = await testMarts();

    const summary = await zone.build();

    expect(summary).toMatchObject({ as_of: null, curated_rows: 0, bytes: 0, orders_left_out: 0 });
    expect(summary.check.rows).toBe("0");
    expect(Object.keys(await zone.objects("marts"))).toEqual([`_builds/${BUILD}.json`]);
    expect((await zone.manifest()).tables.sales).toEqual({ rows: 0, bytes: 0, objects: [] });
  });

  test("of a catalogue without any order has its products, as of no day", async () => {
    await using zone = await testMarts();
    await zone.put("products", "a", shop.products);

    await zone.build();

    expect((await zone.manifest()).tables.products?.objects.map(({ partition }) => partition)).toEqual([
      { as_of: "none" },
    ]);
    expect(await zone.rows("products")).toHaveLength(3);
  });

  test("of objects without a row is as one without objects", async () => {
    await using zone = await testMarts();
    await zone.put("orders", "a", []);
    await zone.put("order_items", "a", []);
    await zone.put("order_items", "b", []);

    expect(await zone.build()).toMatchObject({ as_of: null, check: { rows: "0" } });
  });

  test("of a single order is its own last day", async () => {
    await using zone = await testMarts();
    await zone.put("customers", "a", shop.customers.slice(0, 1));
    await zone.put("orders", "a", [order("o1", "c1", "created", "2025-01-10 22:00:00")]);

    await zone.build();

    expect(await zone.rows("customers")).toMatchObject([
      { customer_id: "ann", orders: 1, spend: 0, age_days: 0, as_of: "2025-01-10", favourite_category: null },
    ]);
    expect(await zone.rows("daily_sales")).toEqual([]);
  });

  test("of cancelled orders only has sales and orders that do not count, and no customer", async () => {
    await using zone = await testMarts();
    await putShop(zone);
    await zone.put(
      "orders",
      "a",
      shop.orders.map((one) => ({ ...one, status: "unavailable" })),
    );

    const summary = await zone.build();

    expect(summary.rows).toEqual({
      sales: 4,
      orders: 4,
      customers: 0,
      products: 3,
      daily_sales: 0,
      regional_sales: 0,
    });
    expect((await zone.rows("products")).map(({ revenue }) => revenue)).toEqual([0, 0, 0]);
  });

  test("takes a key that stands in several objects once, the latest version of it", async () => {
    await using zone = await testMarts();
    await putShop(zone);
    const updated_at = "2025-03-01 00:00:00";
    await zone.put("orders", "b", [...shop.orders, { ...shop.orders[3], status: "canceled", updated_at }]);
    await zone.put("order_items", "b", [
      { ...shop.order_items[0], quantity: 9, updated_at: "2025-02-01 00:00:00" },
      { ...item("o1", 1, "a", "s1", [10, 2.5, 3]), updated_at },
    ]);
    await zone.put("customers", "b", shop.customers);
    await zone.put("sellers", "b", shop.sellers);
    await zone.put("products", "b", shop.products);
    await zone.put("payments", "b", shop.payments);
    await zone.put("reviews", "b", shop.reviews);
    await zone.put("inventory", "b", shop.inventory);

    await zone.build();

    expect((await zone.rows("sales")).map(({ order_id, quantity }) => [order_id, quantity])).toEqual([
      ["o1", 3],
      ["o1", 1],
      ["o2", 1],
      ["o3", 1],
    ]);
    expect((await zone.rows("orders")).map(({ order_id, counts, paid }) => [order_id, counts, paid])).toEqual(
      [
        ["o1", true, 28.5],
        ["o2", true, 12],
        ["o3", false, 0],
        ["o4", false, 0],
      ],
    );
    expect((await zone.rows("products"))[0]).toMatchObject({
      quantity: 4,
      stock: 7,
      mean_review_score: 11 / 3,
    });
  });

  test("leaves out rows whose parents are not there yet", async () => {
    await using zone = await testMarts();
    await putShop(zone);
    await zone.put("products", "a", shop.products.slice(0, 1));
    await zone.put("customers", "a", shop.customers.slice(0, 2));

    await zone.build();

    expect((await zone.rows("sales")).map(({ order_id, product_id }) => [order_id, product_id])).toEqual([
      ["o1", "a"],
      ["o2", "a"],
    ]);
    expect((await zone.rows("orders")).map(({ order_id }) => order_id)).toEqual(["o1", "o2"]);
  });

  test("of more bytes than a Lambda may take ends with TooLarge", async () => {
    await using zone = await testMarts({ settings: { lambdaMaxBytes: 100 } });
    await putShop(zone);

    await expect(zone.build()).rejects.toMatchObject({ name: "TooLarge" });
  });
});
