import { type Contract, contracts, rowsPrefix, sqlType, type TableName } from "@penstock/contracts";
import { syncCatalogue } from "@penstock/features";
import { s3Uri } from "@penstock/runtime";
import { afterEach, expect, test } from "vitest";
import { type JsonRow, writeParquet } from "../lake/lake-fixture.ts";
import { DAY, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

async function curated(table: TableName, rows: readonly JsonRow[], name = "a"): Promise<void> {
  const contract: Contract = contracts[table];
  const kept = contract.columns.filter(({ sensitive }) => sensitive !== "cvv");
  const columns = Object.fromEntries(kept.map((column) => [column.name, sqlType(column)]));
  const whole = rows.map((row) => ({
    ...Object.fromEntries(kept.map((column) => [column.name, null])),
    ...row,
  }));
  const file = await writeParquet(run.session, `${run.folder}/${table}-${name}`, columns, whole);
  await run.store.upload(
    file,
    s3Uri("curated", `${rowsPrefix(table)}year=2026/month=11/day=20/${name}.parquet`),
  );
}

const order = (order_id: string, customer_id: string, purchased_at: string) => ({
  order_id,
  customer_id,
  status: "delivered",
  purchased_at,
});

const line = (order_id: string, order_item_id: number, product_id: string, price: number) => ({
  order_id,
  order_item_id,
  product_id,
  price,
});

test("products and users are those of the curated tables, with what their orders and reviews say of them", async () => {
  run = await rawRun();
  await curated("products", [
    { product_id: "p1", category: "toys", price: 9.99, is_active: false },
    { product_id: "p2", category: "toys", updated_at: "2026-01-01T00:00:00" },
    { product_id: "p3" },
  ]);
  await curated(
    "products",
    [{ product_id: "p2", category: "games", updated_at: "2026-02-01T00:00:00" }],
    "b",
  );
  await curated("customers", [
    { customer_id: "c1", person_id: "anna", state: "SP" },
    { customer_id: "c2", person_id: "anna", state: "RJ", updated_at: "2026-02-01T00:00:00" },
    { customer_id: "c3", person_id: "ben", state: "SP", created_at: "2025-12-01T00:00:00" },
  ]);
  await curated("orders", [
    order("o1", "c1", "2026-01-03T00:00:00"),
    order("o2", "c2", "2026-01-02T00:00:00"),
  ]);
  await curated("order_items", [line("o1", 1, "p2", 10), line("o1", 2, "p2", 20), line("o2", 1, "p2", 30)]);
  await curated("reviews", [
    { review_id: "r1", order_id: "o1", score: 5 },
    { review_id: "r2", order_id: "o2", score: 2 },
  ]);

  const written = await syncCatalogue({ date: DAY }, run.ports);

  expect(written).toEqual({ products: 3, users: 2 });
  expect(await run.rows(`s3://interactions/products/date=${DAY}/`)).toEqual([
    expect.objectContaining({
      product_id: "p1",
      category: "toys",
      price: 9.99,
      is_active: false,
      num_reviews: 0,
    }),
    expect.objectContaining({
      product_id: "p2",
      category: "games",
      price: 20,
      is_active: true,
      avg_rating: 3.5,
      num_reviews: 2,
      created_at: "2026-01-02T00:00:00",
    }),
    expect.objectContaining({
      product_id: "p3",
      category: null,
      price: null,
      avg_rating: null,
      created_at: null,
    }),
  ]);
  expect(await run.rows(`s3://interactions/users/date=${DAY}/`)).toEqual([
    expect.objectContaining({
      user_id: "anna",
      location: "RJ",
      join_date: "2026-01-02T00:00:00",
      customer_segment: "loyal",
    }),
    expect.objectContaining({
      user_id: "ben",
      location: "SP",
      join_date: "2025-12-01T00:00:00",
      customer_segment: "new",
    }),
  ]);
});

test("the catalogue of a day stays what it was, whatever is curated when its run is repeated", async () => {
  run = await rawRun();
  await curated("products", [{ product_id: "p1", price: 1 }]);
  await syncCatalogue({ date: DAY }, run.ports);
  const before = await run.objects("s3://interactions/");
  await curated("products", [{ product_id: "p1", price: 2, updated_at: "2026-12-01T00:00:00" }], "b");
  await curated("customers", [{ customer_id: "c1", person_id: "anna" }]);

  const again = await syncCatalogue({ date: DAY }, run.ports);

  expect(again).toEqual({ products: 0, users: 1 });
  expect(await run.objects("s3://interactions/")).toMatchObject(before);
});

test("an empty curated zone writes nothing, and the same one writes the same bytes", async () => {
  run = await rawRun();
  const nothing = await syncCatalogue({ date: DAY }, run.ports);
  expect([nothing, await run.objects("s3://interactions/")]).toEqual([{ products: 0, users: 0 }, {}]);
  await curated(
    "products",
    Array.from({ length: 500 }, (_, n) => ({ product_id: `p${n}`, category: `c${n % 7}` })),
  );

  await syncCatalogue({ date: "2026-11-19" }, run.ports);
  await syncCatalogue({ date: DAY }, run.ports);

  const written = await run.objects("s3://interactions/products/");
  expect(Object.keys(written)).toHaveLength(2);
  expect(new Set(Object.values(written)).size).toBe(1);
});
