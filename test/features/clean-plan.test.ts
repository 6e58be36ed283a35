import { afterEach, expect, test } from "vitest";
import { DAY, event, type RawRun, rawRun, rawSettings, STARTED } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const removed = (clean: { removed: readonly { reason: string; rows: number }[] }) =>
  Object.fromEntries(clean.removed.filter(({ rows }) => rows > 0).map(({ reason, rows }) => [reason, rows]));

const cleanRows = (attempt: string) => run.rows(`s3://features/clean/${attempt}/interactions/`);

test("of repeated deliveries the earliest event stays, over objects and days within the look-back", async () => {
  run = await rawRun({ settings: { validation: { ...rawSettings.validation, duplicates: 1, order: 1 } } });
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put("2026-11-19", [event("a", { timestamp: "2026-11-19T09:00:00Z" })]);
  await run.put(DAY, [
    event("a", { timestamp: `${DAY}T08:00:00Z` }),
    event("b", { timestamp: `${DAY}T09:00:01Z` }),
    event("b", { timestamp: `${DAY}T09:00:00Z`, interaction_type: "purchase" }),
    event("c"),
  ]);
  await run.put(DAY, [event("c")], { name: "again.jsonl" });

  const { plan, clean } = await run.run({ mode: "range", start_date: DAY, end_date: DAY });

  expect(clean.landed).toEqual([{ rows: 5 }]);
  expect(removed(clean)).toEqual({ duplicate: 3 });
  expect((await cleanRows(plan.attempt)).map((row) => [row.interaction_id, row.interaction_type])).toEqual([
    ["b", "purchase"],
    ["c", "view"],
  ]);
});

test("a day is cleaned the same in a daily run and in a weekly one", async () => {
  const days = ["2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", DAY];
  const put = async () => {
    await run.catalogue("products", "2026-11-15", [
      { product_id: "p1" },
      { product_id: "p2", is_active: false },
    ]);
    await run.catalogue("products", "2026-11-18", [{ product_id: "p1", price: 2 }, { product_id: "p2" }]);
    await run.catalogue("users", "2026-11-15", [{ user_id: "u1" }, { user_id: "u2" }]);
    for (const [index, day] of days.entries()) {
      const at = (hour: number) => ({ timestamp: `${day}T${String(hour).padStart(2, "0")}:00:00Z` });
      await run.put(day, [
        // Delivered again every day: each repeats the one before it, though the first is out of sight.
        event("again", at(1)),
        event(`far-${index % 5}`, at(2)),
        event(`p2-${day}`, { ...at(3), product_id: "p2" }),
        ...Array.from({ length: index === 4 ? 7 : 3 }, (_, n) =>
          event(`${day}-${n}`, { ...at(4), user_id: "u2" }),
        ),
      ]);
    }
  };
  const whole = { validation: { ...rawSettings.validation, duplicates: 1 } };
  run = await rawRun({ settings: whole });
  await put();
  const weekly = await run.run({ mode: "weekly" });
  const rows = await cleanRows(weekly.plan.attempt);
  await run[Symbol.asyncDispose]();

  run = await rawRun({ settings: whole });
  await put();
  const daily = await run.run();

  expect(daily.plan.clean_from).toBe("2026-11-17");
  const byDay = (list: typeof rows) =>
    Map.groupBy(list, ({ occurred_at }) => String(occurred_at).slice(0, 10));
  const day = byDay(rows).get(DAY);
  expect(day?.map(({ interaction_id }) => interaction_id)).toEqual([
    "far-0",
    `p2-${DAY}`,
    `${DAY}-0`,
    `${DAY}-1`,
    `${DAY}-2`,
  ]);
  const cleaned = byDay(await cleanRows(daily.plan.attempt));
  for (const each of days.slice(2)) expect(cleaned.get(each)).toEqual(byDay(rows).get(each));
  expect(removed(weekly.clean)).toEqual({ duplicate: 5, "bot.minute": 7, inactive_product: 3 });
});

test("repeated deliveries stay out of the days that are cleaned again for a late event", async () => {
  const days = ["2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", DAY];
  const put = async () => {
    await run.catalogue("products", "2026-11-15", [{ product_id: "p1" }]);
    await run.catalogue("users", "2026-11-15", [{ user_id: "u1" }]);
    for (const day of days)
      await run.put(day, [
        event("again", { timestamp: `${day}T01:00:00Z` }),
        event(day, { timestamp: `${day}T02:00:00Z` }),
      ]);
  };
  const settings = { validation: { ...rawSettings.validation, duplicates: 1 } };
  run = await rawRun({ settings });
  await put();
  const weekly = await run.run({ mode: "weekly" });
  const all = await cleanRows(weekly.plan.attempt);
  await run[Symbol.asyncDispose]();

  run = await rawRun({ settings });
  await put();
  const daily = await run.run();

  const cleaned = days.filter((day) => day >= daily.plan.clean_from);
  expect(cleaned).toEqual(["2026-11-17", "2026-11-18", "2026-11-19", DAY]);
  const of = (rows: typeof all) =>
    rows
      .filter(({ occurred_at }) => cleaned.includes(String(occurred_at).slice(0, 10)))
      .map(({ interaction_id }) => interaction_id);
  expect(of(await cleanRows(daily.plan.attempt))).toEqual(of(all));
  expect(of(all)).toEqual(cleaned);
});

test("what a user did on a day goes when it looks like a machine's, with the count of each reason", async () => {
  run = await rawRun();
  const users = ["person", "fast", "much", "hammer"];
  await run.catalogue(
    "products",
    DAY,
    Array.from({ length: 30 }, (_, n) => ({ product_id: `p${n}` })),
  );
  await run.catalogue(
    "users",
    DAY,
    users.map((user_id) => ({ user_id })),
  );
  const at = (minute: number, second = 0) => ({
    timestamp: new Date(Date.parse(`${DAY}T10:00:00Z`) + minute * 60_000 + second * 1000).toISOString(),
  });
  await run.put(DAY, [
    ...Array.from({ length: 6 }, (_, n) =>
      event(`a${n}`, { user_id: "person", ...at(0, n), product_id: `p${n}` }),
    ),
    ...Array.from({ length: 7 }, (_, n) =>
      event(`b${n}`, { user_id: "fast", ...at(1, n), product_id: `p${n}` }),
    ),
    event("b-later", { user_id: "fast", ...at(30) }),
    ...Array.from({ length: 21 }, (_, n) =>
      event(`c${n}`, { user_id: "much", ...at(n * 2), product_id: `p${n}` }),
    ),
    ...Array.from({ length: 5 }, (_, n) =>
      event(`d${n}`, { user_id: "hammer", ...at(n * 2), session_id: "one" }),
    ),
  ]);

  const { plan, clean } = await run.run();

  expect(removed(clean)).toEqual({ "bot.minute": 8, "bot.day": 21, "bot.session": 5 });
  expect((await cleanRows(plan.attempt)).map(({ user_id }) => user_id)).toEqual(Array(6).fill("person"));
});

test("an interaction has its product's attributes of its own day; a product that is not for sale goes", async () => {
  run = await rawRun({ settings: { validation: { ...rawSettings.validation, products: 1 } } });
  const days = ["2026-11-17", "2026-11-18", "2026-11-19", DAY];
  await run.catalogue("products", "2026-11-18", [
    { product_id: "p1", category: " Home  Audio ", brand: "ACME", price: 10 },
    { product_id: "gone", price: 1 },
  ]);
  await run.catalogue("products", "2026-11-19", [
    { product_id: "p1", category: "home audio", brand: "Acme", price: 12.5 },
  ]);
  await run.catalogue("products", DAY, [{ product_id: "p1", category: "tv", price: 9, is_active: false }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  for (const day of days)
    await run.put(day, [
      event(`p1-${day}`, { timestamp: `${day}T10:00:00Z` }),
      event(`gone-${day}`, { timestamp: `${day}T11:00:00Z`, product_id: "gone" }),
    ]);

  const { plan, clean } = await run.run({ mode: "weekly" });

  expect(removed(clean)).toEqual({ inactive_product: 1 });
  expect(
    (await cleanRows(plan.attempt)).map(({ interaction_id, category, brand, price }) => [
      interaction_id,
      category,
      brand,
      price,
    ]),
  ).toEqual([
    ["p1-2026-11-17", "home audio", "acme", 10],
    ["gone-2026-11-17", null, null, 1],
    ["p1-2026-11-18", "home audio", "acme", 10],
    ["gone-2026-11-18", null, null, 1],
    ["p1-2026-11-19", "home audio", "acme", 12.5],
    ["gone-2026-11-19", null, null, null],
    [`gone-${DAY}`, null, null, null],
  ]);
  expect(await run.rows(`s3://features/clean/${plan.attempt}/products/`)).toEqual([
    expect.objectContaining({ product_id: "p1", category: "tv", price: 9, is_active: false }),
  ]);
  expect(clean.catalogues).toEqual([{ products: 1, users: 1 }]);
});

test("each source's catalogue holds until the source says something else", async () => {
  run = await rawRun();
  await run.catalogue("products", "2026-11-18", [{ product_id: "p1", price: 1 }], "lake.parquet");
  await run.catalogue("products", DAY, [{ product_id: "p2", price: 2 }], "shop-0.parquet");
  await run.catalogue(
    "products",
    DAY,
    [
      { product_id: "p3", price: 3 },
      { product_id: "p1", price: 4 },
    ],
    "shop-1.parquet",
  );
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put(
    DAY,
    ["p1", "p2", "p3"].map((product_id) => event(product_id, { product_id })),
  );

  const { plan } = await run.run();

  expect((await cleanRows(plan.attempt)).map(({ product_id, price }) => [product_id, price])).toEqual([
    ["p1", 1],
    ["p2", 2],
    ["p3", 3],
  ]);
  expect(
    (await run.rows(`s3://features/clean/${plan.attempt}/products/`)).map(({ product_id }) => product_id),
  ).toEqual(["p1", "p2", "p3"]);
});

test("what is not told is imputed as stated, and numbers are not", async () => {
  run = await rawRun();
  await run.catalogue("products", DAY, [{ product_id: "p1" }]);
  await run.catalogue("users", DAY, [{ user_id: "u1" }]);
  await run.put(DAY, [event("a", { device_type: null, page_context: null })]);

  const { plan } = await run.run({ scheduled_at: STARTED });

  expect(await cleanRows(plan.attempt)).toEqual([
    expect.objectContaining({
      device_type: "unknown",
      page_context: "unknown",
      rating: null,
      category: null,
      price: null,
    }),
  ]);
});
