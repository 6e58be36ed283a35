import { brokenRules, contracts, decodeRecord } from "@penstock/contracts";
import { describe, expect, test } from "vitest";

const order = {
  order_id: "ord_0000001",
  customer_id: "cus_0000001",
  status: "delivered",
  purchased_at: "2025-01-16T08:00:00",
  approved_at: "2025-01-16T08:00:00",
  carrier_at: "2025-01-17T08:00:00",
  delivered_at: "2025-01-18T08:00:00",
  estimated_delivery_at: "2025-01-20T00:00:00",
};

const item = {
  order_id: "ord_0000001",
  order_item_id: 1,
  product_id: "prd_0000001",
  seller_id: "sel_0000001",
  shipping_limit_at: "2025-01-20T00:00:00",
  price: 19.99,
  freight_value: 0,
};

describe("the rules that a record breaks", () => {
  test("are none for a good record, with or without its optional columns", () => {
    expect(brokenRules(contracts.orders, order)).toEqual([]);
    expect(
      brokenRules(contracts.orders, { ...order, notes: null, total_amount: 12.5, updated_at: undefined }),
    ).toEqual([]);
  });

  test("are all reported at once, sorted, and none twice", () => {
    const broken = { ...item, price: -0.005, order_id: "a b", seller_id: "!".repeat(65), order_item_id: 0.5 };
    expect(brokenRules(contracts.order_items, broken)).toEqual([
      "order_id.format",
      "order_item_id.integer",
      "order_item_id.min_value",
      "price.decimals",
      "price.min_value",
      "seller_id.format",
      "seller_id.max_length",
    ]);
  });

  test.each([
    ["null where a value is needed", { price: null }, ["price.required"]],
    ["undefined where a value is needed", { price: undefined }, ["price.required"]],
    ["another type", { price: "19.99" }, ["price.type"]],
    ["NaN", { price: Number.NaN }, ["price.type"]],
    ["an infinite price", { price: Number.POSITIVE_INFINITY }, ["price.max_value", "price.not_finite"]],
    ["minus zero", { price: -0 }, []],
    ["a price that a sum of doubles left", { price: 35 * 0.01 }, []],
    ["a third decimal", { price: 19.991 }, ["price.decimals"]],
    ["the greatest price", { price: 99_999_999.99 }, []],
    ["a cent more", { price: 100_000_000 }, ["price.max_value"]],
    ["an identifier that is no string", { order_id: 17 }, ["order_id.type"]],
    ["an identifier with a line break after it", { order_id: "ord_0000001\n" }, ["order_id.format"]],
    ["a day that is not", { shipping_limit_at: "2025-02-30T00:00:00" }, ["shipping_limit_at.type"]],
    ["a moment with a zone", { shipping_limit_at: "2025-02-20T00:00:00Z" }, ["shipping_limit_at.type"]],
    [
      "a placeholder for never",
      { shipping_limit_at: "9999-12-31T00:00:00" },
      ["shipping_limit_at.max_value"],
    ],
    ["a column that nobody knows", { colour: "red" }, ["colour.unknown"]],
  ])("%s", (_name, change, rules) => {
    expect(brokenRules(contracts.order_items, { ...item, ...change })).toEqual(rules);
  });

  test("a column that is not there at all is a missing value", () => {
    const { price, ...withoutPrice } = item;
    expect(price).toBe(19.99);
    expect(brokenRules(contracts.order_items, withoutPrice)).toEqual(["price.required"]);
  });

  test("a word outside a list is no other type, anything but a word is", () => {
    expect(brokenRules(contracts.orders, { ...order, status: "lost" })).toEqual(["status.one_of"]);
    expect(brokenRules(contracts.orders, { ...order, status: 5 })).toEqual(["status.type"]);
    expect(brokenRules(contracts.orders, { ...order, status: null })).toEqual(["status.required"]);
  });

  test("a value that is no record has no columns", () => {
    expect(brokenRules(contracts.orders, "order")).toEqual(["record.type"]);
    expect(brokenRules(contracts.orders, null)).toEqual(["record.type"]);
  });

  test("a lone surrogate, which no file can hold, is no text", () => {
    expect(brokenRules(contracts.orders, { ...order, notes: "\ud800" })).toEqual(["notes.well_formed"]);
    expect(brokenRules(contracts.orders, { ...order, notes: "👍🏻" })).toEqual([]);
  });

  test("length counts code points", () => {
    expect(brokenRules(contracts.orders, { ...order, notes: "👍".repeat(20_000) })).toEqual([]);
    expect(brokenRules(contracts.orders, { ...order, notes: "👍".repeat(20_001) })).toEqual([
      "notes.max_length",
    ]);
  });
});

describe("rules within a row", () => {
  test("name every pair of moments in the wrong order", () => {
    const early = { ...order, carrier_at: "2025-01-16T07:59:59.999999", delivered_at: "2025-01-16T07:00:00" };
    expect(brokenRules(contracts.orders, early)).toEqual([
      "carrier_not_before_approval",
      "carrier_not_before_purchase",
      "delivered_not_before_carrier",
    ]);
  });

  test("hold where a moment is missing or could not be read", () => {
    expect(brokenRules(contracts.orders, { ...order, carrier_at: null })).toEqual([]);
    expect(brokenRules(contracts.orders, { ...order, carrier_at: "yesterday" })).toEqual(["carrier_at.type"]);
  });

  test("are judged on a value that breaks a rule of its own", () => {
    expect(brokenRules(contracts.orders, { ...order, approved_at: "1969-12-31T23:59:59" })).toEqual([
      "approved_at.min_value",
      "approved_not_before_purchase",
    ]);
  });

  test("compare moments, not their spelling", () => {
    const spelt = {
      ...order,
      purchased_at: "2025-01-16T08:00:00.500000",
      approved_at: "2025-01-16T08:00:00.5",
    };
    expect(brokenRules(contracts.orders, spelt)).toEqual([]);
    expect(brokenRules(contracts.orders, { ...spelt, approved_at: "2025-01-16T08:00:00.49" })).toEqual([
      "approved_not_before_purchase",
    ]);
  });
});

describe("a raw row", () => {
  test("of text becomes a record through its source's names", () => {
    const raw = {
      order_id: "0e05c0027e31a0a9cf1074ec1b95c8da",
      order_item_id: "1",
      product_id: "2ebf71f199b0f3f3331af7d426ad714c",
      seller_id: "4c18691b6037662be2df78a765d98ab5",
      shipping_limit_date: "2018-04-04 22:47:21",
      price: "39.95",
      freight_value: "17.90",
    };
    const record = decodeRecord(contracts.order_items, "olist", raw);
    expect(record).toEqual({
      order_id: raw.order_id,
      order_item_id: 1,
      product_id: raw.product_id,
      seller_id: raw.seller_id,
      shipping_limit_at: "2018-04-04T22:47:21",
      price: 39.95,
      freight_value: 17.9,
    });
    expect(brokenRules(contracts.order_items, record)).toEqual([]);
  });

  test("of a Parquet reader's values becomes the same record", () => {
    const raw = { ...item, order_item_id: 1n, shipping_limit_at: new Date("2025-01-20T00:00:00.250Z") };
    expect(decodeRecord(contracts.order_items, "penstock", raw)).toEqual({
      ...item,
      shipping_limit_at: "2025-01-20T00:00:00.25",
    });
  });

  test("keeps what it cannot read, so that the rules name it", () => {
    const raw = {
      ...item,
      order_item_id: "one",
      shipping_limit_at: new Date(Number.NaN),
      price: " 1",
      colour: "red",
    };
    const record = decodeRecord(contracts.order_items, "penstock", raw);
    expect(brokenRules(contracts.order_items, record)).toEqual([
      "colour.unknown",
      "order_item_id.type",
      "price.type",
      "shipping_limit_at.type",
    ]);
  });

  test("of a source that nobody knows is an error that names the known ones", () => {
    expect(() => decodeRecord(contracts.orders, "elsewhere", {})).toThrow(
      /no source "elsewhere".*penstock, olist/,
    );
  });
});
