import { afterAll, beforeAll, expect, test } from "vitest";
import { shopOrders } from "./orders.ts";
import { type Shop, testShop, type Written } from "./shop.ts";

let shop: Shop;
let right: Readonly<Record<string, Written>>;
let wrong: Readonly<Record<string, Written>>;

beforeAll(async () => {
  shop = await testShop();
  const { orders, lines } = shopOrders();
  await shop.report(orders, lines);
  right = await shop.written();
  const [order, line] = [orders[0], lines[0]];
  if (order === undefined || line === undefined) throw new Error("the shop has no orders");
  // One before all, one 100 days late, one far ahead; the second of a person who is known.
  const dates = ["1970-01-01T00:00:00", "2026-07-04T10:00:00", "2030-01-01T10:00:00"];
  const more = dates.map((purchased_at, i) => ({ ...order, order_id: `wrong${i}`, purchased_at }));
  const strangers = more.map((one, i) => (i === 1 ? one : { ...one, customer_id: `nobody${i}` }));
  const theirs = more.map(({ order_id }) => ({ ...line, order_id }));
  await shop.report([...orders, ...strangers], [...lines, ...theirs]);
  wrong = await shop.written();
});
afterAll(() => shop[Symbol.asyncDispose]());

test.each([
  "market-intelligence-hub/sales-forecast",
  "market-intelligence-hub/sales-trend",
  "demand-insights-engine/customer-segments",
  "demand-insights-engine/lifetime-value",
  "demand-insights-engine/churn",
  "global-market-pulse/opportunities",
  "global-market-pulse/regions",
])("dates gone wrong do not move %s, and it says how many were left out", (report) => {
  expect(wrong[report]?.rows).toEqual(right[report]?.rows);
  expect(right[report]?.head).toMatchObject({ details: { orders_outside_span: 0, months_left_out: [] } });
  expect(wrong[report]?.head).toMatchObject({
    details: { orders_outside_span: 3, months_left_out: ["1970-01", "2026-07", "2030-01"] },
  });
});

test("their risk is told all the same", () => {
  const orders = wrong["compliance-guardian/order-risk"]?.rows.map(({ order_id }) => order_id);
  expect(orders).toEqual(expect.arrayContaining(["wrong0", "wrong1", "wrong2"]));
});
