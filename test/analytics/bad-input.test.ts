import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shopOrders } from "./orders.ts";
import { type GivenLine, type GivenOrder, numbersIn, type Shop, testShop } from "./shop.ts";

interface Given {
  readonly orders: readonly GivenOrder[];
  readonly lines: readonly GivenLine[];
}

/** Reports of which some answer is there all the same. */
type Answered = readonly string[];

const shop = shopOrders();

/** Customers who all bought twice, the same, at the same distance: nothing tells them apart. */
function alike(): Given {
  const twice = Array.from({ length: 80 }, (_, i) => [i, i]).flat();
  const orders = twice.map((customer, i) => ({
    ...first(shop.orders),
    order_id: `o${String(i).padStart(3, "0")}`,
    customer_id: `c${customer}`,
    purchased_at: i % 2 === 0 ? "2025-01-01T10:00:00" : "2025-02-01T10:00:00",
    paid: 15,
  }));
  const lines = orders.map(({ order_id }) => ({ ...first(shop.lines), order_id, price: 10 }));
  return { orders, lines };
}

function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error("the shop has no orders");
  return one;
}

const cases: Readonly<Record<string, readonly [Given, Answered]>> = {
  "an empty curated zone": [{ orders: [], lines: [] }, []],
  "a single order": [{ orders: shop.orders.slice(0, 1), lines: shop.lines.slice(0, 1) }, []],
  "a single customer": [
    { orders: shop.orders.map((order) => ({ ...order, customer_id: "c1" })), lines: shop.lines },
    [
      "market-intelligence-hub/sales-forecast",
      "market-intelligence-hub/forecast-series",
      "market-intelligence-hub/sales-trend",
      "compliance-guardian/order-risk",
      "global-market-pulse/opportunities",
      "global-market-pulse/regions",
    ],
  ],
  "one day of sales": [
    {
      orders: shop.orders.map((order) => ({ ...order, purchased_at: "2025-03-03T10:00:00" })),
      lines: shop.lines,
    },
    [
      "demand-insights-engine/segments",
      "demand-insights-engine/customer-segments",
      "compliance-guardian/order-risk",
    ],
  ],
  "nothing but a category with zeros": [
    {
      orders: shop.orders,
      lines: shop.lines.map((line) => ({ ...line, price: 0, freight: 0, unit_cost: 0 })),
    },
    ["demand-insights-engine/churn", "compliance-guardian/order-risk"],
  ],
  "all orders cancelled": [
    { orders: shop.orders.map((order) => ({ ...order, status: "canceled" })), lines: shop.lines },
    ["compliance-guardian/order-risk"],
  ],
  "customers of whom no model converges": [
    alike(),
    [
      "market-intelligence-hub/sales-forecast",
      "market-intelligence-hub/forecast-series",
      "market-intelligence-hub/sales-trend",
      "compliance-guardian/order-risk",
      "global-market-pulse/regions",
    ],
  ],
  "orders without lines or payments": [
    { orders: shop.orders.map((order) => ({ ...order, paid: 0, payments: 0, installments: 0 })), lines: [] },
    ["demand-insights-engine/churn", "compliance-guardian/order-risk"],
  ],
};

describe("what says too little", () => {
  let at: Shop;
  beforeEach(async () => {
    at = await testShop();
  });
  afterEach(() => at[Symbol.asyncDispose]());

  test.for(Object.entries(cases))("of %s is said, and no number is none", async ([, [given, answered]]) => {
    const summaries = await at.report(given.orders, given.lines);

    const written = await at.written();
    const ok = Object.keys(written).filter((report) => written[report]?.head.status === "ok");
    expect(ok).toEqual(answered);
    for (const [report, { head, rows, table }] of Object.entries(written)) {
      if (head.status !== "ok") expect(head.reason, report).not.toBe("");
      expect(head.table.rows, report).toBe(rows.length);
      // Rows without an answer are those of series, each with its reason.
      const isSeries = table.columns.some(({ name }) => name === "reason");
      if (head.status !== "ok" && !isSeries) expect(rows, report).toEqual([]);
      if (isSeries) {
        const silent = rows.filter(({ status, reason }) => status !== "ok" && typeof reason !== "string");
        expect(silent, report).toEqual([]);
      }
    }
    const numbers = numbersIn(Object.values(written).map(({ head, rows }) => ({ head, rows })));
    expect(numbers.filter(({ number }) => !Number.isFinite(number))).toEqual([]);
    const total = Object.values(written).reduce((sum, { rows }) => sum + rows.length, 0);
    expect(Object.values(summaries).reduce((sum, { check }) => sum + Number(check.rows), 0)).toBe(total);
  });
});

test("a manifest of another form is refused with the fields that do not fit", async () => {
  await using at = await testShop();
  const manifest = "s3://marts/_builds/other.json";
  await at.store.putJson(manifest, { build: "today", tables: {} });
  const { globalMarketPulse } = await import("@penstock/analytics");
  const input = {
    run_id: "r",
    build: "20261121T053000Z-000042",
    built_at: "2026-11-21T05:30:00Z",
    manifest,
    current: null,
  } as const;

  const refused = globalMarketPulse(input, at.ports);

  await expect(refused).rejects.toMatchObject({
    name: "ContractViolation",
    message: expect.stringMatching(/no manifest of marts, at: build, .*build the marts again/),
  });
});
