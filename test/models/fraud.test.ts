import { detectFraud, FraudResult, type OrderFacts } from "@penstock/models";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { realCardChecks, simulatedCardChecks } from "../../bench/models-fraud.ts";
import { expectToHold, isAbsent, referenceData, skipped } from "./reference-checks.ts";

const limits = { windowHours: 24, maxOrdersInWindow: 3, amountTolerance: 0.01, amountLimit: null };

/** A quiet shop: one order per person, around 100, paid at once. */
const quiet: OrderFacts[] = Array.from({ length: 300 }, (_, i) => ({
  order_id: `o${i}`,
  customer_id: `c${i}`,
  purchased_at: new Date(Date.UTC(2024, 0, 1 + (i % 28), 8 + (i % 12))).toISOString(),
  paid: 80 + ((i * 37) % 40),
  owed: 80 + ((i * 37) % 40),
  items: 1 + (i % 2),
  payments: 1,
  installments: 1 + (i % 3),
  region: ["SP", "RJ", "MG"][i % 3] ?? null,
}));
const [first] = quiet;
if (first === undefined) throw new Error("the shop has orders");

function judged(orders: readonly OrderFacts[], amountLimit: number | null = null) {
  const result = detectFraud(orders, { limits: { ...limits, amountLimit }, seed: 1 });
  if (result.status !== "ok") throw new Error(result.reason);
  return result;
}

describe.skipIf(isAbsent)(`the reference sets of fraud${skipped}`, () => {
  test("real cards: the forest finds frauds without a label", async () => {
    const checks = await realCardChecks(referenceData);
    expectToHold(checks);
  });

  test("simulated cards, by the handbook's protocol", async () => {
    const checks = await simulatedCardChecks(referenceData);
    expectToHold(checks);
  });
});

describe("orders", () => {
  test("of a quiet shop carry little risk, and the same each time", () => {
    const result = judged(quiet);
    expect(v.is(FraudResult, result)).toBe(true);
    expect(result.orders).toHaveLength(300);
    expect(Math.max(...result.orders.map(({ risk }) => risk))).toBeLessThan(40);
    expect(judged(quiet)).toEqual(result);
  });

  test.each([
    [
      "many in a day",
      "velocity",
      [0, 1, 2, 3, 4].map((n) => ({ ...first, order_id: `x${n}`, customer_id: "x" })),
    ],
    ["paid otherwise than owed", "mismatch", [{ ...first, order_id: "x4", paid: 300, owed: 100 }]],
    [
      "to two regions in a day",
      "mismatch",
      ["SP", "RJ"].map((region, n) => ({ ...first, order_id: `x${n + 3}`, customer_id: "x", region })),
    ],
    ["far dearer than the others", "amount", [{ ...first, order_id: "x4", paid: 9_000, owed: 9_000 }]],
  ] as const)("%s are flagged by the rule of %s, which has its share in the risk", (_, rule, odd) => {
    const result = judged([...quiet, ...odd]);
    const order = result.orders.find(({ order_id }) => order_id === "x4");
    expect(order?.flagged).toBe(true);
    expect(order?.reasons.some((reason) => reason.startsWith(rule))).toBe(true);
    expect(order?.components[rule]).toBeGreaterThanOrEqual(10);
    expect(result.orders.slice(0, 8).map(({ order_id }) => order_id)).toContain("x4");
  });

  test("that wait for their payment are no mismatch, and those with a payment of nothing are", () => {
    const waiting = { ...first, order_id: "x1", customer_id: "x1", paid: 0, payments: 0 };
    const unpaid = { ...waiting, order_id: "x2", customer_id: "x2", payments: 1 };
    const { orders } = judged([...quiet, waiting, unpaid]);
    const mismatch = (id: string) => orders.find(({ order_id }) => order_id === id)?.components.mismatch;
    expect(mismatch("x1")).toBe(0);
    expect(mismatch("x2")).toBeGreaterThan(10);
  });

  test("above a set limit are flagged, every one", () => {
    const over = judged(quiet, 100).orders.filter(({ order_id }) => {
      return (quiet.find((order) => order.order_id === order_id)?.paid ?? 0) > 100;
    });
    expect(over.length).toBeGreaterThan(100);
    expect(over.every(({ flagged }) => flagged)).toBe(true);
  });

  test("have a risk that is the sum of its components", () => {
    for (const { risk, components } of judged([...quiet, { ...first, order_id: "x", paid: 5_000, owed: 1 }])
      .orders) {
      const { anomaly, velocity, mismatch, amount } = components;
      expect(risk).toBeCloseTo(anomaly + velocity + mismatch + amount, 6);
    }
  });

  test("too few to compare, or unreadable, get no risk", () => {
    expect(detectFraud(quiet.slice(0, 49), { limits, seed: 1 })).toMatchObject({
      status: "not enough data",
      reason: "49 orders that can be read; unusual ones stand out from 50 on",
    });
    const unreadable = { ...first, order_id: "bad", purchased_at: "yesterday" };
    expect(judged([...quiet, unreadable, { ...unreadable, paid: Number.NaN }]).left_out).toBe(2);
  });
});
