import { type Contract, contracts, rowsPrefix, sqlType, type TableName } from "@penstock/contracts";
import { syncCatalogue } from "@penstock/features";
import { s3Uri } from "@penstock/runtime";
import { afterEach, expect, test } from "vitest";
import { type JsonRow, writeParquet } from "../lake/lake-fixture.ts";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

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

/** Syncs in the course of a day. */
const sync = (day = DAY) => syncCatalogue({ ...run.ports, now: () => new Date(`${day}T05:00:30Z`) });

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

  const written = await sync();

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

test("the catalogue of a day stays what it was, whatever is curated later on that day", async () => {
  run = await rawRun();
  await curated("products", [{ product_id: "p1", price: 1 }]);
  await sync();
  const before = await run.objects("s3://interactions/");
  await curated("products", [{ product_id: "p1", price: 2, updated_at: "2026-12-01T00:00:00" }], "b");
  await curated("customers", [{ customer_id: "c1", person_id: "anna" }]);

  const again = await sync();

  expect(again).toEqual({ products: 0, users: 1 });
  expect(await run.objects("s3://interactions/")).toMatchObject(before);
});

test("an empty curated zone writes nothing", async () => {
  run = await rawRun();

  const nothing = await sync();

  expect([nothing, await run.objects("s3://interactions/")]).toEqual([{ products: 0, users: 0 }, {}]);
});

test("a catalogue that has not changed has no new snapshot, until its last one grows old", async () => {
  run = await rawRun();
  await curated(
    "products",
    Array.from({ length: 500 }, (_, n) => ({ product_id: `p${n}`, category: `c${n % 7}` })),
  );

  const first = await sync("2026-11-19");
  const same = await sync("2026-11-20");
  await curated("products", [{ product_id: "p1", category: "c9", updated_at: "2026-11-20T08:00:00" }], "b");
  const changed = await sync("2026-11-21");
  const young = await sync("2026-12-20");
  const old = await sync("2026-12-21");

  expect([first, same, changed, young, old].map(({ products }) => products)).toEqual([500, 0, 500, 0, 500]);
  const written = await run.objects("s3://interactions/products/");
  expect(Object.keys(written)).toEqual(
    ["2026-11-19", "2026-11-21", "2026-12-21"].map((day) => `date=${day}/curated.parquet`),
  );
  expect(written["date=2026-12-21/curated.parquet"]).toBe(written["date=2026-11-21/curated.parquet"]);
});

test("a snapshot is of the day on which it was taken: events of that day and before see the one before it", async () => {
  run = await rawRun();
  const days = ["2026-11-18", "2026-11-19", DAY];
  for (const day of days) await run.put(day, [event(day, { timestamp: `${day}T23:00:00Z` })]);
  await run.catalogue("users", days[0] ?? "", [{ user_id: "u1" }]);
  await curated("products", [{ product_id: "p1", price: 1 }]);
  await sync("2026-11-18");
  await curated("products", [{ product_id: "p1", price: 2, updated_at: "2026-11-19T02:00:00" }], "b");
  await sync("2026-11-19");
  await curated("products", [{ product_id: "p1", price: 3, updated_at: "2026-11-20T02:00:00" }], "c");
  await sync(DAY);
  await curated("products", [{ product_id: "p1", price: 4, updated_at: "2026-11-21T02:00:00" }], "d");
  await sync("2026-11-21");

  const { plan } = await run.run({ mode: "weekly" });

  const clean = `s3://features/clean/${plan.attempt}` as const;
  const rows = await run.rows(`${clean}/interactions/`);
  expect(rows.map(({ interaction_id, price }) => [interaction_id, Number(price)])).toEqual([
    ["2026-11-18", 1],
    ["2026-11-19", 1],
    [DAY, 2],
  ]);
  // As of midnight after the last day all that was known by then, and nothing that was learnt on the next.
  expect(await run.rows(`${clean}/products/`)).toEqual([expect.objectContaining({ price: 3 })]);
});

test("the first snapshot that there is holds for all days before it", async () => {
  run = await rawRun();
  await run.put(DAY, [event("a")]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await curated("products", [{ product_id: "p1", price: 1 }]);
  await sync("2026-11-21");
  const first = await run.run();
  await curated("products", [{ product_id: "p1", price: 2, updated_at: "2026-11-22T00:00:00" }], "b");
  await sync("2026-11-22");

  const again = await run.run({ execution_id: "arn:aws:states:eu-central-1:0:execution:f:again" });

  for (const { plan } of [first, again])
    expect(await run.rows(`s3://features/clean/${plan.attempt}/interactions/`)).toEqual([
      expect.objectContaining({ price: 1 }),
    ]);
});

test("card numbers and national ids that people typed into what is curated are masked in its snapshot", async () => {
  run = await rawRun();
  await curated("products", [
    { product_id: "p1", name: "Pay with 4111 1111 1111 1111", description: "of 123-45-6789,987 65 4321" },
  ]);

  await sync();

  expect(await run.rows("s3://interactions/products/")).toEqual([
    expect.objectContaining({
      name: "Pay with ************1111",
      description: "of ***-**-6789,***-**-4321",
    }),
  ]);
});
