import {
  analyseRegions,
  auditPci,
  ChurnResult,
  detectFraud,
  detectPaymentFraud,
  FraudResult,
  findOpportunities,
  OpportunitiesResult,
  PaymentFraudResult,
  PciAuditResult,
  predictChurn,
  RegionalResult,
  SegmentationResult,
  segmentCustomers,
} from "@penstock/models";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";

/** Amounts as broken exports hold them: usual ones mostly, and all that a double can be. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 100) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.double() },
);
const quantity = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 1, arbitrary: fc.double() },
);
const id = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }).map((n) => `c${n}`) },
  { weight: 1, arbitrary: fc.constantFrom("", "__proto__", "constructor") },
);
const day = fc.integer({ min: 0, max: 400 }).map((n) => new Date(n * 86_400_000).toISOString());
const moment = fc.oneof(
  { weight: 20, arbitrary: day },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "2024-02-30", "2024-05-05", "yesterday", "2024-05-05 10:00:00"),
  },
);
const limits = { windowHours: 24, maxOrdersInWindow: 3, amountTolerance: 0.01, amountLimit: null };
/** A failure is not made smaller: that would fit hundreds of models. The seed that is printed brings it back. */
const runs = { numRuns: 40, endOnFailure: true };

/** How many answers were no refusals, by model: a property that only sees refusals says nothing. */
const answered = new Map<string, number>();

/** Expects an answer to be what its contract says: with finite numbers only, probabilities from 0 to 1. */
function expectContract(schema: v.GenericSchema, answer: { model: string; status: string }): void {
  if (answer.status === "ok") answered.set(answer.model, (answered.get(answer.model) ?? 0) + 1);
  const { issues } = v.safeParse(schema, answer);
  expect(issues?.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toBeUndefined();
}

describe("whatever comes in, the answer is what its contract says:", () => {
  test("segments", () => {
    const customer = fc.record({ customer_id: id, recency_days: amount, orders: quantity, spend: amount });
    const property = fc.property(
      fc.array(customer, { maxLength: 120, size: "max" }),
      fc.integer(),
      (customers, seed) => {
        expectContract(SegmentationResult, segmentCustomers(customers, { from: null, to: null, seed }));
      },
    );
    fc.assert(property, runs);
  });

  test("churn", () => {
    // One purchase of another century moves the end of the data, and all have left: so some lists have sound days only.
    const lists = [day, moment].map((purchased_at) => {
      const purchase = fc.record({ customer_id: id, purchased_at, amount });
      return fc.array(purchase, { maxLength: 400, size: "max" });
    });
    const churnDay = fc.integer({ min: 0, max: 100 });
    const property = fc.property(fc.oneof(...lists), churnDay, (purchases, churnDays) => {
      expectContract(ChurnResult, predictChurn(purchases, { churnDays, seed: 1 }));
    });
    fc.assert(property, runs);
  });

  test("fraud among orders", () => {
    const order = fc.record({
      order_id: fc.string(),
      customer_id: id,
      purchased_at: moment,
      paid: amount,
      owed: fc.option(amount),
      items: quantity,
      payments: quantity,
      installments: quantity,
      region: fc.option(fc.constantFrom("SP", "RJ")),
    });
    const property = fc.property(fc.array(order, { maxLength: 150, size: "max" }), (orders) => {
      expectContract(FraudResult, detectFraud(orders, { limits, seed: 1 }));
    });
    fc.assert(property, runs);
  });

  test("fraud among payments", () => {
    const payment = fc.record({
      time: fc.integer({ min: 0, max: 3_000_000 }),
      card: id,
      terminal: id,
      amount,
      fraud: fc.boolean(),
    });
    const property = fc.property(fc.array(payment, { maxLength: 200, size: "max" }), (payments) => {
      const sorted = payments.toSorted((a, b) => a.time - b.time);
      const train = { from: 0, to: 1_500_000 };
      const given = {
        train,
        score: { from: 2_500_000, to: 3_000_000 },
        delayDays: 7,
        amountLimit: 220,
        seed: 1,
      };
      expectContract(PaymentFraudResult, detectPaymentFraud(sorted, given));
    });
    fc.assert(property, runs);
  });

  test("opportunities and regions", () => {
    const cell = fc.record({
      region: fc.constantFrom("SP", "RJ", ""),
      category: fc.constantFrom("toys", "books", "__proto__"),
      period: fc.oneof(
        {
          weight: 20,
          arbitrary: fc.integer({ min: 1, max: 12 }).map((m) => `2024-${String(m).padStart(2, "0")}`),
        },
        { weight: 1, arbitrary: fc.constantFrom("2024-13", "0000-01", "2025-12", "") },
      ),
      revenue: amount,
      orders: quantity,
      cost: fc.option(amount),
    });
    const property = fc.property(fc.array(cell, { maxLength: 80, size: "max" }), (cells) => {
      expectContract(OpportunitiesResult, findOpportunities(cells));
      expectContract(RegionalResult, analyseRegions(cells));
    });
    fc.assert(property, { ...runs, numRuns: 150 });
  });

  test("the PCI audit", () => {
    const column = fc.record({
      column: fc.string(),
      scan: fc.constantFrom("pan", "cvv", "free text", "misplaced", "__proto__"),
      scanned: fc.nat(),
      masked: fc.nat(),
    });
    const object = fc.record({
      object: fc.string(),
      table: fc.string(),
      rows_in: fc.nat(),
      columns: fc.array(column, { maxLength: 5 }),
    });
    const property = fc.property(fc.array(object, { maxLength: 10 }), (objects) => {
      expectContract(PciAuditResult, auditPci(objects));
    });
    fc.assert(property, runs);
  });
});

test("of all models some of those answers were no refusals", () => {
  expect([...answered.keys()].sort()).toEqual([
    "churn",
    "fraud-detection",
    "market-opportunities",
    "payment-fraud",
    "pci-audit",
    "regional-analysis",
    "segmentation",
  ]);
});

describe("a single customer, one day of sales, all orders cancelled", () => {
  const empty = {
    segmentation: segmentCustomers([], { from: null, to: null, seed: 1 }),
    churn: predictChurn([], { churnDays: 90, seed: 1 }),
    fraud: detectFraud([], { limits, seed: 1 }),
    opportunities: findOpportunities([]),
    regions: analyseRegions([]),
  };
  test.each(Object.entries(empty))("%s: nothing to learn from is said, with the reason", (_, answer) => {
    expect(answer.status).toBe("not enough data");
    expect("reason" in answer && answer.reason.length).toBeGreaterThan(10);
  });

  test("one customer with many orders on one day", () => {
    const purchases = Array.from({ length: 60 }, () => ({
      customer_id: "c",
      purchased_at: "2024-05-05",
      amount: 10,
    }));
    const orders = purchases.map(({ customer_id, purchased_at, amount: paid }, i) => {
      const counts = { items: 1, payments: 1, installments: 1 };
      return { order_id: `o${i}`, customer_id, purchased_at, paid, owed: paid, region: null, ...counts };
    });
    expect(predictChurn(purchases, { churnDays: 1, seed: 1 }).status).toBe("not enough data");
    const fraud = detectFraud(orders, { limits, seed: 1 });
    if (fraud.status !== "ok") throw new Error(fraud.reason);
    const fast = fraud.orders.filter(({ reasons }) =>
      reasons.some((reason) => reason.startsWith("velocity")),
    );
    expect(fast).toHaveLength(57);
  });
});
