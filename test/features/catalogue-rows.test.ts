import { afterEach, expect, test } from "vitest";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const CARD = "4111111111111111";

test("rows of a catalogue that break their contract are in quarantine, each with its place, its reasons and its masked values", async () => {
  run = await rawRun();
  const products = [
    { product_id: "p1" },
    { product_id: null, name: `paid with ${CARD}`, brand: "4111 1111\n1111 1111" },
    { product_id: "p2", price: -1, avg_rating: 9, description: "of 123-45-6789" },
    { product_id: CARD.repeat(5), attributes: `{"card": ${CARD}}` },
  ];
  await run.catalogue("products", DAY, products.slice(0, 2), "shop-0.parquet");
  await run.catalogue("products", DAY, products.slice(2), "shop-1.parquet");
  await run.catalogue("users", DAY, [{ user_id: "u1" }, { user_id: null, preferences: `{"pan": ${CARD}}` }]);
  await run.put(DAY, [event("a")]);

  const { verdict } = await run.run();

  const places = ["products", "users"].map(
    (table) => `s3://features/quarantine/${table}/date=${DAY}/shop.jsonl`,
  );
  expect(verdict.written.quarantine).toEqual(places);
  expect(verdict.written.notes).toEqual([
    "3 rows of the snapshots of products break their contract and are in quarantine",
    "1 rows of the snapshots of users break their contract and are in quarantine",
  ]);
  const found = await run.quarantined();
  expect(found.map(({ object, row, reasons }) => [object, row, reasons])).toEqual([
    [`products/date=${DAY}/shop-0.parquet`, 2, ["product_id.required"]],
    [`products/date=${DAY}/shop-1.parquet`, 1, ["avg_rating.max_value", "price.min_value"]],
    [`products/date=${DAY}/shop-1.parquet`, 2, ["product_id.max_length"]],
    [`users/date=${DAY}/shop.parquet`, 2, ["user_id.required"]],
  ]);
  const texts = found.map(({ text }) => String(text));
  expect(texts.join()).not.toMatch(/4111111111|123-45/);
  expect(texts[0]).toContain('"name":"paid with ************1111"');
  expect(texts[0]).toContain('"brand":"************1111"');
  expect(texts[1]).toContain('"description":"of ***-**-6789"');
});

test("the same snapshot again leaves the same quarantine", async () => {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }, { product_id: null, name: "nothing" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put(DAY, [event("a")]);
  await run.run();
  const before = await run.objects("s3://features/quarantine/");

  await run.run({ execution_id: "arn:aws:states:eu-central-1:0:execution:f:again" });

  expect(Object.keys(before)).toEqual([`products/date=${DAY}/shop.jsonl`]);
  expect(await run.objects("s3://features/quarantine/")).toEqual(before);
});

test("what people typed into a catalogue goes on without card numbers and national ids, and JSON stays JSON", async () => {
  run = await rawRun();
  const attributes = `{"ean": ${CARD}, "note": "card ${CARD}", "size": 12}`;
  await run.catalogue("products", DAY, [
    { product_id: "p1", name: `Nice ${CARD}`, description: "ssn123-45-6789 124-45-6789", attributes },
  ]);
  await run.catalogue("users", DAY, [{ user_id: "u1", location: CARD, preferences: '{"size": "M"}' }]);
  await run.put(DAY, [event("a")]);

  const { plan } = await run.run();

  const clean = `s3://features/clean/${plan.attempt}` as const;
  const [product] = await run.rows(`${clean}/products/`);
  expect(product).toMatchObject({
    name: "Nice ************1111",
    description: "ssn***-**-6789 ***-**-6789",
  });
  expect(JSON.parse(String(product?.attributes))).toEqual({
    ean: "************1111",
    note: "card ************1111",
    size: 12,
  });
  expect(await run.rows(`${clean}/users/`)).toEqual([
    expect.objectContaining({ location: "************1111", preferences: '{"size": "M"}' }),
  ]);
});

test("of a key that a catalogue has twice the row stays that is first by all its columns, of two catalogues that of the first by name", async () => {
  run = await rawRun();
  const rows = [
    { product_id: "p1", name: "b", price: 1 },
    { product_id: "p1", name: "a", price: 2 },
    { product_id: "p1", name: "a", price: 2 },
    { product_id: "p2", name: "c" },
  ];
  await run.catalogue("products", DAY, rows);
  await run.catalogue("products", DAY, [{ product_id: "p1" }, { product_id: "p3" }], "stall.parquet");
  await run.catalogue("users", DAY, [{ user_id: "u1" }, { user_id: "u1", location: "here" }]);
  await run.put(DAY, [event("a")]);

  const { plan } = await run.run();

  const clean = `s3://features/clean/${plan.attempt}` as const;
  const products = await run.rows(`${clean}/products/`);
  expect(products.map(({ product_id, name, price }) => [product_id, name, price])).toEqual([
    ["p1", "a", 2],
    ["p2", "c", null],
    ["p3", null, null],
  ]);
  expect(await run.rows(`${clean}/users/`)).toEqual([expect.objectContaining({ location: "here" })]);
});

test("snapshots that repeat one another are one, whatever entity tags a key gives them", async () => {
  run = await rawRun();
  const days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"];
  for (const day of days)
    await run.catalogue("products", day, [{ product_id: "p1", price: day === days[3] ? 2 : 1 }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  for (const day of [...days, DAY]) await run.put(day, [event(day, { timestamp: `${day}T10:00:00Z` })]);
  // Under a key of KMS the same bytes have another tag in every object.
  const { list, download } = run.store;
  const tagged = <Facts extends { uri: string; etag: string }>(facts: Facts): Facts => ({
    ...facts,
    etag: Buffer.from(`${facts.uri}${facts.etag}`).toString("hex").slice(-32),
  });
  run.store.download = async (uri, file) => tagged(await download(uri, file));
  run.store.list = async function* (prefix) {
    for await (const facts of list(prefix)) yield tagged(facts);
  };
  const dates = ({ catalogue }: Awaited<ReturnType<typeof run.plan>>["written"]) =>
    catalogue.products.map(({ date }) => date);

  const first = await run.run({ mode: "weekly" });
  const again = await run.plan({ mode: "weekly" });
  await run.catalogue("products", days[1] ?? "", [{ product_id: "p1", price: 3 }]);
  const changed = await run.plan({ mode: "weekly" });

  expect(dates(first.plan)).toEqual(days);
  expect(dates(again.written)).toEqual([days[0], days[3]]);
  expect(dates(changed.written)).toEqual(days);
});
