import { contracts } from "@penstock/contracts";
import { reconcile } from "@penstock/lake";
import type { ObjectStore } from "@penstock/runtime";
import { expect, test } from "vitest";
import { parentsFirst } from "../../packages/lake/src/table-graph.ts";
import { type JsonRow, NOW, type TestLake, testLake } from "./lake-fixture.ts";
import { putSmallLake } from "./small-lake.ts";

const REST = "year=2025/month=01/day=16";
const products = { product_id: "VARCHAR", category: "VARCHAR", name: "VARCHAR", updated_at: "TIMESTAMP" };
const inventory = {
  product_id: "VARCHAR",
  warehouse_id: "VARCHAR",
  quantity: "BIGINT",
  updated_at: "TIMESTAMP",
};
const stock = (product: string, quantity: number) => ({ product_id: product, warehouse_id: "w1", quantity });
const DAY = 24 * 3600 * 1000;

async function land(
  lake: TestLake,
  table: "products" | "inventory",
  name: string,
  rows: readonly JsonRow[],
): Promise<void> {
  await lake.arrive(
    await lake.put(table, name, table === "products" ? products : inventory, rows),
    `${table}-${name}`,
  );
}

function later(lake: TestLake, days: number): TestLake["ports"] {
  return { ...lake.ports, now: () => new Date(NOW.getTime() + days * DAY) };
}

/** The lake's store, with the URIs that are written or removed. */
function watched(store: ObjectStore): { store: ObjectStore; writes: string[] } {
  const writes: string[] = [];
  const seen = <Rest extends readonly unknown[]>(
    uri: string,
    write: (...rest: Rest) => Promise<void>,
    ...rest: Rest
  ) => {
    writes.push(uri);
    return write(...rest);
  };
  return {
    writes,
    store: {
      ...store,
      upload: (path, uri, options) => seen(uri, store.upload, path, uri, options),
      putJson: (uri, value) => seen(uri, store.putJson, uri, value),
      remove: (uri) => seen(uri, store.remove, uri),
    },
  };
}

test("rows whose parent has landed meanwhile are released into the object that they came in", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1), stock("p2", 2)]);
  await land(lake, "products", "a", [{ product_id: "p1" }]);

  const summary = await reconcile({ run_id: "r" }, lake.ports);

  expect(summary).toMatchObject({
    released: 1,
    duplicates: 0,
    expired: 0,
    changed: 1,
    skipped: 0,
    pending: 1,
  });
  expect(await lake.rows(`s3://curated/ecommerce/inventory/${REST}/a.parquet`)).toMatchObject([
    { product_id: "p1" },
  ]);
  expect(await lake.rows(`s3://pending/ecommerce/inventory/${REST}/a.parquet`)).toMatchObject([
    { product_id: "p2" },
  ]);
});

test("a pending object goes with its last row", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1)]);
  await land(lake, "products", "a", [{ product_id: "p1" }]);

  await reconcile({ run_id: "r" }, lake.ports);

  expect(await lake.objects("pending")).toEqual({});
});

test("one pass releases a chain of tables, grandparents first", async () => {
  await using lake = await testLake({ plain: true });
  const keys = await putSmallLake(lake);
  for (const key of keys.toReversed()) await lake.arrive(key);

  const first = await reconcile({ run_id: "first" }, lake.ports);
  const second = await reconcile({ run_id: "second" }, lake.ports);

  expect(first.released).toBeGreaterThan(0);
  expect(second).toMatchObject({
    released: 0,
    duplicates: 0,
    expired: 0,
    changed: 0,
    pending: first.pending,
  });
});

test("a pass over a lake in agreement writes nothing but its own record", async () => {
  await using lake = await testLake({ plain: true });
  for (const key of await putSmallLake(lake)) await lake.arrive(key);
  await reconcile({ run_id: "first" }, lake.ports);
  const { store, writes } = watched(lake.store);

  await reconcile({ run_id: "second" }, { ...lake.ports, store });

  expect(writes).toEqual(["s3://audit/audit/reconcile/second.json"]);
});

test("an older version of a row that arrives later in another object gives way to the newer one", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "products", "a", [{ product_id: "p1", name: "new", updated_at: "2025-01-10 00:00:00" }]);
  await land(lake, "products", "b", [
    { product_id: "p1", name: "old", updated_at: "2025-01-09 00:00:00" },
    { product_id: "p2", name: "other" },
  ]);

  const summary = await reconcile({ run_id: "r" }, lake.ports);

  expect(summary).toMatchObject({ duplicates: 1, changed: 1 });
  expect(await lake.rows(`s3://curated/ecommerce/products/${REST}/a.parquet`)).toMatchObject([
    { name: "new" },
  ]);
  expect(await lake.rows(`s3://curated/ecommerce/products/${REST}/b.parquet`)).toMatchObject([
    { name: "other" },
  ]);
});

test("of two versions without a date, and of exact copies, the same one stays whichever came first", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "products", "b", [
    { product_id: "p1", name: "bb" },
    { product_id: "p2", name: "same" },
  ]);
  await land(lake, "products", "a", [
    { product_id: "p1", name: "aa" },
    { product_id: "p2", name: "same" },
  ]);

  await reconcile({ run_id: "r" }, lake.ports);

  expect(await lake.rows(`s3://curated/ecommerce/products/${REST}/a.parquet`, "1")).toMatchObject([
    { name: "aa" },
    { name: "same" },
  ]);
  expect(await lake.rows(`s3://curated/ecommerce/products/${REST}/b.parquet`)).toEqual([]);
});

test("a row that waited longer than the days it may goes to quarantine, with why it waited", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p9", 9)]);

  const inTime = await reconcile({ run_id: "in-time" }, later(lake, 6.9));
  const tooLate = await reconcile({ run_id: "too-late" }, later(lake, 7.1));
  const again = await reconcile({ run_id: "again" }, later(lake, 8));

  expect([inTime.expired, tooLate.expired, again.expired]).toEqual([0, 1, 0]);
  expect([tooLate.pending, again.changed]).toEqual([0, 0]);
  expect(await lake.objects("pending")).toEqual({});
  expect(await lake.rows(`s3://quarantine/expired/inventory/${REST}/a.parquet`)).toMatchObject([
    {
      product_id: "p9",
      _reasons: ["pending.expired", "product_id.missing_parent"],
      _arrived_at: "2025-01-16T08:00:00",
    },
  ]);
});

test("a row whose parent comes on the last day is released, however long it waited", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1)]);
  await land(lake, "products", "a", [{ product_id: "p1" }]);

  expect(await reconcile({ run_id: "r" }, later(lake, 30))).toMatchObject({ released: 1, expired: 0 });
});

test("an object that is refined again takes its expired rows back", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1)]);
  await reconcile({ run_id: "r" }, later(lake, 8));
  await land(lake, "products", "a", [{ product_id: "p1" }]);

  await land(lake, "inventory", "a", [stock("p1", 1)]);

  expect(await lake.objects("quarantine")).toEqual({});
  expect(await lake.rows(`s3://curated/ecommerce/inventory/${REST}/a.parquet`)).toHaveLength(1);
});

test("reasons follow what is missing now: of two missing parents one has landed", async () => {
  await using lake = await testLake({ plain: true });
  const keys = await putSmallLake(lake);
  const [itemsKey, ordersKey] = [
    keys.find((key) => key.includes("order_items")),
    keys.find((key) => key.includes("orders-raw")),
  ];
  await lake.arrive(itemsKey ?? "");
  for (const key of keys.filter((_, index) => index === 0 || index === 2)) await lake.arrive(key);
  await lake.arrive(ordersKey ?? "");

  const { changed } = await reconcile({ run_id: "r" }, lake.ports);

  const rows = await lake.rows(
    `s3://pending/ecommerce/order_items/${REST}/a.parquet`,
    "order_id, order_item_id",
  );
  expect(changed).toBe(1);
  expect(rows?.map((row) => [row.order_id, row._reasons])).toContainEqual([
    "o1",
    ["product_id.missing_parent"],
  ]);
});

test("a row in both halves of its object, after a crash between the writes, is one row and no duplicate", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1), stock("p2", 2)]);
  await land(lake, "products", "a", [{ product_id: "p1" }, { product_id: "p2" }]);
  const { store } = lake;
  const dying: ObjectStore = {
    ...store,
    remove: () => Promise.reject(new Error("the machine went away")),
  };
  await expect(reconcile({ run_id: "dies" }, { ...lake.ports, store: dying })).rejects.toThrow("went away");
  expect(Object.keys(await lake.objects("pending"))).toHaveLength(1);

  const summary = await reconcile({ run_id: "next" }, lake.ports);

  expect(summary).toMatchObject({ released: 2, duplicates: 0, changed: 1, pending: 0 });
  expect(await lake.rows(`s3://curated/ecommerce/inventory/${REST}/a.parquet`)).toHaveLength(2);
  expect(await lake.objects("pending")).toEqual({});
});

test("an object that another execution holds is skipped, and its rows stay where they are", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1)]);
  await land(lake, "products", "a", [{ product_id: "p1" }]);
  const before = await lake.objects("pending");
  await lake.ports.leases.acquire(`rows/inventory/${REST}/a.parquet`, "a refine", 60);

  const held = await reconcile({ run_id: "held" }, lake.ports);

  expect(held).toMatchObject({ released: 0, changed: 0, skipped: 1 });
  expect(await lake.objects("pending")).toEqual(before);
});

test("an object that changes after it was read is left to the next pass", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [stock("p1", 1)]);
  await land(lake, "products", "a", [{ product_id: "p1" }]);
  let changes = 0;
  const leases: TestLake["ports"]["leases"] = {
    ...lake.ports.leases,
    async acquire(name, owner, seconds) {
      if (owner === "pass" && changes++ === 0) await land(lake, "inventory", "a", [stock("p1", 5)]);
      return lake.ports.leases.acquire(name, owner, seconds);
    },
  };

  const summary = await reconcile({ run_id: "pass" }, { ...lake.ports, leases });

  expect(summary).toMatchObject({ changed: 0, skipped: 1 });
  expect(await lake.rows(`s3://curated/ecommerce/inventory/${REST}/a.parquet`)).toMatchObject([
    { quantity: 5 },
  ]);
});

test("a row does not give way to a later one in an object that had to be skipped", async () => {
  await using lake = await testLake({ plain: true });
  await land(lake, "inventory", "a", [{ ...stock("p1", 2), updated_at: "2025-01-10 00:00:00" }]);
  await land(lake, "products", "a", [{ product_id: "p1" }]);
  await land(lake, "inventory", "b", [{ ...stock("p1", 1), updated_at: "2025-01-09 00:00:00" }]);
  await lake.ports.leases.acquire(`rows/inventory/${REST}/a.parquet`, "a refine", 60);

  const held = await reconcile({ run_id: "held" }, lake.ports);

  expect(held).toMatchObject({ duplicates: 0, changed: 0, skipped: 2 });
  expect(await lake.rows(`s3://curated/ecommerce/inventory/${REST}/b.parquet`)).toHaveLength(1);
});

test("orders whose payments differ from their items are listed, waiting items counted in", async () => {
  await using lake = await testLake({ plain: true });
  for (const key of await putSmallLake(lake)) await lake.arrive(key);

  const { violations } = await reconcile({ run_id: "r" }, lake.ports);

  expect(violations).toBe(1);
  expect(await lake.rows("s3://audit/violations/orders.parquet")).toEqual([
    { order_id: "o2", rule: "payments_equal_items", expected: 8, found: 9 },
  ]);
});

test("a lake with nothing in it is in agreement, with an empty list of violations", async () => {
  await using lake = await testLake({ plain: true });

  const summary = await reconcile({ run_id: "r" }, lake.ports);

  expect(summary).toMatchObject({ released: 0, changed: 0, violations: 0, pending: 0 });
  expect(await lake.rows("s3://audit/violations/orders.parquet")).toEqual([]);
});

test("tables come after the tables that they refer to, and a circle is an error", () => {
  const order = parentsFirst(Object.values(contracts)).map(({ name }) => name);
  const positions = Object.fromEntries(order.map((name, index) => [name, index]));
  for (const { name, references } of Object.values(contracts)) {
    for (const { table } of references) expect(positions[table]).toBeLessThan(positions[name] ?? -1);
  }

  const circle = [
    { ...contracts.orders, references: [{ columns: ["order_id"], table: "payments", to: ["order_id"] }] },
    contracts.payments,
  ];
  expect(() => parentsFirst(circle)).toThrow("circle");
});
