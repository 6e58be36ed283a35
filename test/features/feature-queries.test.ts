import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FeatureGroup, featureGroups, featureTables } from "@penstock/contracts";
import { type DuckSession, openSession, type Row, text, toEngine } from "@penstock/runtime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FeatureWindow, featureQuery } from "../../packages/features/src/feature-queries.ts";
import { daysAfter } from "../../packages/features/src/run-window.ts";
import { putCleanRows } from "./clean-rows.ts";
import {
  type Event,
  groupedBy,
  inOrder,
  interactionValues,
  itemValues,
  type Product,
  userValues,
  type Values,
} from "./feature-oracle.ts";
import { DAYS, FIRST_DAY, seededEvents } from "./seeded-events.ts";

const ROWS = 100_000;

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-features-"));
  session = await openSession({ memoryMb: 1000, threads: 2, tempDirectory: path.join(folder, "spill") });
});

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the query answers, by the row's key. */
async function answered(group: FeatureGroup, window: FeatureWindow): Promise<Map<string, Row>> {
  await session.run(
    `CREATE OR REPLACE VIEW interactions AS SELECT * FROM all_interactions WHERE day <= ${text(window.to)}`,
  );
  const rows = await session.rows(toEngine(featureQuery(group, window), "duckdb"));
  const byKey = new Map(rows.map((row) => [String(row[featureTables[group].key]), row]));
  expect(byKey.size, "a row per key").toBe(rows.length);
  return byKey;
}

/** What the oracle says. */
function expected(
  group: FeatureGroup,
  { from, to }: FeatureWindow,
  { events, catalogue }: { readonly events: readonly Event[]; readonly catalogue: readonly Product[] },
): Map<string, Values> {
  const asOf = Date.parse(`${daysAfter(to, 1)}T00:00:00Z`);
  const first = Date.parse(`${from}T00:00:00Z`);
  const known = inOrder(events.filter(({ at }) => at < asOf));
  const active = known.filter(({ at }) => at >= first);
  const values = new Map<string, Values>();
  const allViews = known.filter(({ type }) => type === "view");
  const products = groupedBy(known, ({ product }) => product);
  if (group === "item")
    for (const id of groupedBy(active, ({ product }) => product).keys())
      values.set(id, itemValues(id, products.get(id) ?? [], { allViews, catalogue }, asOf));
  const users = groupedBy(known, ({ user }) => user);
  for (const id of groupedBy(active, ({ user }) => user).keys()) {
    const own = users.get(id) ?? [];
    if (group === "user") values.set(id, userValues(own, asOf));
    if (group === "interaction")
      for (const [index, { id: key, at }] of own.entries())
        if (at >= first) values.set(key, interactionValues(own, index));
  }
  return values;
}

/** What differs between the two, by key and column: numbers by more than a billionth. */
function mismatches(rows: ReadonlyMap<string, Row>, values: ReadonlyMap<string, Values>): string[] {
  const keys = new Set([...rows.keys(), ...values.keys()]);
  return [...keys].flatMap((key) => {
    const [row, value] = [rows.get(key), values.get(key)];
    if (row === undefined || value === undefined) return [`${key}: only one has it`];
    const columns = new Set([...Object.keys(row), ...Object.keys(value)]);
    return [...columns].flatMap((column) =>
      same(row[column], value[column]) ? [] : [`${key}.${column}: ${row[column]} for ${value[column]}`],
    );
  });
}

function same(found: Row[string] | undefined, wanted: Values[string] | undefined): boolean {
  if (typeof found === "number" && typeof wanted === "number")
    return Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
  if (typeof found === "string" && typeof wanted === "string" && /T.*Z$/.test(wanted))
    return Date.parse(`${found}Z`) === Date.parse(wanted);
  return found === wanted;
}

describe(`${ROWS} interactions, against a recomputation row by row`, () => {
  const seeded = seededEvents(ROWS, 5);
  const lastDay = daysAfter(FIRST_DAY, DAYS - 1);
  const weekly = { from: FIRST_DAY, to: lastDay };
  const daily = (n: number) => ({ from: daysAfter(FIRST_DAY, n), to: daysAfter(FIRST_DAY, n) });

  beforeAll(() => putCleanRows(session, folder, seeded));

  test("have what makes features hard", () => {
    const { events } = seeded;
    const users = [...groupedBy(events, ({ user }) => user).values()];
    const moments = new Set(events.map(({ user, at }) => `${user} ${at}`));

    expect(events.length).toBe(ROWS);
    expect(users.filter((own) => own.length === 1).length, "users who came once").toBeGreaterThan(50);
    expect(Math.max(...users.map((own) => own.length)), "a user who came often").toBeGreaterThan(500);
    expect(ROWS - moments.size, "events of one user at one moment").toBeGreaterThan(500);
    for (const column of ["category", "brand", "price", "session", "rating"] as const)
      expect(events.filter((event) => event[column] === null).length, `${column} unknown`).toBeGreaterThan(
        500,
      );
  });

  test.each(featureGroups)("weekly %s features", async (group) => {
    const values = expected(group, weekly, seeded);

    expect(mismatches(await answered(group, weekly), values)).toEqual([]);
    expect(values.size).toBeGreaterThan(group === "interaction" ? ROWS - 1 : 300);
  });

  test.each(featureGroups.flatMap((group) => [0, 7, 29].map((n) => [group, n] as const)))(
    "daily %s features of day %i",
    async (group, n) => {
      const values = expected(group, daily(n), seeded);

      expect(mismatches(await answered(group, daily(n)), values)).toEqual([]);
      expect(values.size).toBeGreaterThan(50);
    },
  );

  test("the interactions of all daily runs are those of the weekly one", async () => {
    const all = await answered("interaction", weekly);
    const byDay = new Map<string, Row>();
    for (let n = 0; n < DAYS; n += 1)
      for (const [key, row] of await answered("interaction", daily(n))) byDay.set(key, row);

    expect(byDay.size).toBe(all.size);
    for (const [key, row] of byDay)
      if (JSON.stringify(row) !== JSON.stringify(all.get(key))) expect(row).toEqual(all.get(key));
  });

  test("the last daily run's users and products are those of the weekly one", async () => {
    for (const group of ["user", "item"] as const) {
      const all = await answered(group, weekly);
      const last = await answered(group, daily(DAYS - 1));

      expect(last.size).toBeGreaterThan(50);
      for (const [key, row] of last) expect(row).toEqual(all.get(key));
    }
  });

  test.each(featureGroups)("%s features are of the contract's columns and types", async (group) => {
    await answered(group, weekly);
    await session.run(
      `CREATE OR REPLACE VIEW described AS ${toEngine(featureQuery(group, weekly), "duckdb")}`,
    );

    const columns = (await session.describe("described")).map(({ name, type }) => ({
      name,
      type: type === "VARCHAR" ? "string" : type.toLowerCase(),
    }));

    expect(columns).toEqual(featureTables[group].columns.map(({ name, type }) => ({ name, type })));
  });
});

describe("by hand", () => {
  const at = (hour: number, minute = 0, day = 1) => Date.UTC(2026, 2, day, hour, minute);
  const event = (id: string, more: Partial<Event> = {}): Event => ({
    id,
    user: "u",
    product: "p",
    type: "view",
    at: at(10),
    session: "s",
    rating: null,
    category: "a",
    brand: "x",
    price: 1000,
    ...more,
  });
  const product = (id: string, more: Partial<Product> = {}): Product => ({
    id,
    category: "a",
    price: 1000,
    created: at(0),
    ...more,
  });
  const window = { from: "2026-03-01", to: "2026-03-02" };
  const of = async (
    group: FeatureGroup,
    key: string,
    events: readonly Event[],
    catalogue: readonly Product[] = [product("p")],
  ) => {
    await putCleanRows(session, folder, { events, catalogue });
    return (await answered(group, window)).get(key);
  };

  describe("a user who came once", () => {
    let row: Row | undefined;
    beforeEach(async () => {
      row = await of("user", "u", [event("i1")]);
    });

    test("has as many interactions a week as in all, a session of no length, and spent nothing", () => {
      expect(row).toMatchObject({
        total_interactions: 1,
        total_purchases: 0,
        frequency_score: 1,
        avg_session_duration: 0,
        favorite_category: "a",
        monetary_value: 0,
        recency_days: 1,
      });
    });

    test("has neither a price point nor a diversity, for there is no purchase", () => {
      expect(row).toMatchObject({ avg_price_point: null, diversity_score: null });
    });
  });

  test("the mode of equally many is the category that had so many first", async () => {
    const row = await of("user", "u", [
      event("i1", { category: "b" }),
      event("i2", { category: "a", at: at(11) }),
      event("i3", { category: "a", at: at(12) }),
      event("i4", { category: "b", at: at(13) }),
    ]);

    expect(row?.favorite_category).toBe("a");
  });

  test("of two modes at one moment the smaller id had them first", async () => {
    const row = await of("user", "u", [event("i2", { category: "a" }), event("i1", { category: "b" })]);

    expect(row?.favorite_category).toBe("b");
  });

  test("purchases without any price have no value, others the sum of the known ones", async () => {
    const bought = (id: string, user: string, price: number | null) =>
      event(id, { user, type: "purchase", price });
    const events = [bought("i1", "u", null), bought("i2", "w", 250), bought("i3", "w", null)];

    expect(await of("user", "u", events)).toMatchObject({ monetary_value: null, avg_price_point: null });
    expect(await of("user", "w", events)).toMatchObject({ monetary_value: 2.5, avg_price_point: 2.5 });
  });

  test("an interaction knows nothing of itself or of what is later", async () => {
    const events = [event("i1"), event("i2", { type: "purchase", at: at(11) })];

    expect(await of("interaction", "i1", events)).toMatchObject({
      user_item_affinity: null,
      category_match: null,
      price_match: null,
      session_position: 1,
      time_of_day: 10,
      day_of_week: 7,
    });
    expect(await of("interaction", "i2", events)).toMatchObject({
      user_item_affinity: 1,
      category_match: true,
      price_match: null,
      session_position: 2,
    });
  });

  test("affinity is the cosine of the counts of categories and brands", async () => {
    const events = [
      event("i1"),
      event("i2", { at: at(11), brand: "y" }),
      event("i3", { at: at(12), category: "b", brand: null }),
      event("i4", { at: at(13), category: "a", brand: "y" }),
    ];

    // The user: a 2, b 1, x 1, y 1. The item: a 1, y 1.
    expect((await of("interaction", "i4", events))?.user_item_affinity).toBeCloseTo(3 / Math.sqrt(7 * 2), 12);
  });

  test("affinity is 0 for what is new, null for an item without category and brand", async () => {
    const events = [
      event("i1"),
      event("i2", { at: at(11), category: "b", brand: "y" }),
      event("i3", { at: at(12), category: null, brand: null }),
    ];

    expect((await of("interaction", "i2", events))?.user_item_affinity).toBe(0);
    expect((await of("interaction", "i3", events))?.user_item_affinity).toBeNull();
  });

  test("a category that comes back is the favourite only when it is ahead", async () => {
    const events = [
      event("i1"),
      event("i2", { at: at(11), category: "b" }),
      event("i3", { at: at(12), category: "b" }),
      event("i4", { at: at(13) }),
      event("i5", { at: at(14) }),
      event("i6", { at: at(15) }),
      event("i7", { at: at(16) }),
    ];
    const matches = [];
    for (const { id } of events) matches.push((await of("interaction", id, events))?.category_match);

    // Two of each before the fifth: b had them first. After it, a has three.
    expect(matches).toEqual([null, false, false, false, false, true, true]);
  });

  test("a price a fifth away from the mean of what was bought is no match", async () => {
    const events = [
      event("i1", { type: "purchase", price: 1000 }),
      event("i2", { at: at(11), price: 1200 }),
      event("i3", { at: at(12), price: 1199 }),
      event("i4", { at: at(13), price: null }),
    ];
    const matches = [];
    for (const { id } of events) matches.push((await of("interaction", id, events))?.price_match);

    expect(matches).toEqual([null, false, true, null]);
  });

  test("a product that was never viewed has no conversion, and no trend", async () => {
    const row = await of("item", "p", [event("i1", { type: "add_to_cart" })]);

    expect(row).toMatchObject({
      conversion_rate: null,
      trending_score: null,
      popularity_score: 0,
      recency_score: 0,
      category_popularity: null,
      price_percentile: 0,
      avg_rating: null,
    });
  });

  test("percentiles rank equal prices alike, among priced products of the category that are for sale", async () => {
    const catalogue = [
      product("p"),
      product("q", { price: 500 }),
      product("r"),
      product("s", { price: 2000 }),
      product("t", { price: null }),
      product("v", { category: "b", price: 1 }),
      product("w", { price: 1, inactive: true }),
    ];
    const ids = ["p", "q", "r", "s", "t", "v", "w"];
    const events = ids.map((id) => event(id, { product: id }));
    const ranks = [];
    for (const id of ids) ranks.push((await of("item", id, events, catalogue))?.price_percentile);

    expect(ranks).toEqual([1 / 3, 0, 1 / 3, 1, null, 0, null]);
  });

  test("a product of no catalogue has what its interactions tell", async () => {
    expect(await of("item", "p", [event("i1", { rating: 4.5 })], [])).toMatchObject({
      popularity_score: null,
      price_percentile: null,
      category_popularity: null,
      avg_rating: 4.5,
      conversion_rate: 0,
    });
  });

  test("without an interaction there is no row", async () => {
    await putCleanRows(session, folder, { events: [], catalogue: [product("p")] });

    for (const group of featureGroups) expect((await answered(group, window)).size).toBe(0);
  });
});
