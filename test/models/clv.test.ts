import { customerLifetimeValue, type LifetimeCustomer, LifetimeValueResult } from "@penstock/models";
import { Random } from "ml-random";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { clvChecks } from "../../bench/models-clv.ts";
import { aliveProbability, expectedPurchases } from "../../packages/models/src/clv/bg-nbd.ts";
import { expectToHold, isAbsent, referenceData, skipped } from "./reference-checks.ts";

const horizon = { horizonDays: 364, annualDiscount: 0.1 };
const observed = { from: "2025-01-01", to: "2025-12-31" };

/** Customers who buy at their own pace for a year; each fourth one stops early. */
function shop(customers: number): LifetimeCustomer[] {
  const random = new Random(3);
  return Array.from({ length: customers }, (_, i) => {
    const age = 200 + random.randInt(160);
    const pace = 10 + random.randInt(40) ** (i % 3 === 0 ? 1.4 : 1);
    const until = i % 4 === 0 ? age / 4 : age;
    const repeats = Math.floor(until / pace);
    return {
      customer: `c${i}`,
      repeat_days: repeats,
      recency_days: repeats * pace,
      age_days: age,
      mean_spend: repeats > 0 ? 5 + random.randInt(60) : 0,
    };
  });
}

/** 180 customers who differ in their pace only: after each purchase any of them leaves with the same chance. */
function leavingAlike(): LifetimeCustomer[] {
  const random = new Random(26);
  return Array.from({ length: 180 }, (_, i) => {
    const rate = 0.05 + random.random() * random.random() * 0.6;
    const age = 30 + random.randInt(330);
    let [day, repeats, last] = [0, 0, 0];
    while (random.random() < 0.45 || (repeats === 0 && random.random() < 0.6)) {
      day += 1 + Math.floor(-Math.log(1 - random.random()) / rate);
      if (day > age) break;
      repeats++;
      last = day;
    }
    const spend = repeats > 0 ? 5 + random.randInt(60) : 0;
    return {
      customer: `c${i}`,
      repeat_days: repeats,
      recency_days: last,
      age_days: age,
      mean_spend: spend,
    };
  });
}

describe.skipIf(isAbsent)(`CDNOW's customers${skipped}`, () => {
  test("give the published estimates, likelihood and hold-out error", async () => {
    const checks = await clvChecks(referenceData);
    expectToHold(checks);
  });
});

describe("BG/NBD", () => {
  const parameters = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

  test("expects of the paper's example customer what the paper says", () => {
    const purchases = expectedPurchases(parameters, { frequency: 2, recency: 30.43, age: 38.86 }, 39);
    expect(purchases).toBeCloseTo(1.226, 3);
  });

  test("stays finite for a customer with thousands of purchases", () => {
    const daily = { frequency: 5_000, recency: 5_000, age: 5_001 };
    const purchases = expectedPurchases(parameters, daily, 100);
    expect(purchases).toBeGreaterThan(50);
    expect(purchases).toBeLessThan(105);
    expect(aliveProbability(parameters, { ...daily, age: 9_000 })).toBe(0);
  });

  test.each([
    ["far ahead of a short past", { r: 0.5, alpha: 1, a: 500, b: 50 }, 0.0392, 4],
    ["at parameters that have nearly run away", { r: 0.5, alpha: 1, a: 61_334, b: 41_402 }, 0.3, 0],
  ])("stays finite where leaving is as likely for all: %s", (_, steady, expected, digits) => {
    const purchases = expectedPurchases(steady, { frequency: 2, recency: 3, age: 5 }, 52);
    expect(purchases).toBeCloseTo(expected, digits);
    expect(purchases).toBeGreaterThan(0);
    expect(aliveProbability(steady, { frequency: 2, recency: 3, age: 5 })).toBeGreaterThan(0);
  });

  test("has one answer on both sides of a = 1 + r + x, where the form of its series changes", () => {
    const history = { frequency: 3, recency: 20, age: 30 };
    const [below, above] = [4.242999, 4.243001].map((a) =>
      expectedPurchases({ ...parameters, a }, history, 39),
    );
    expect((above ?? 0) / (below ?? 1)).toBeCloseTo(1, 5);
  });

  test("has no jump at a = 1, where its formula divides by zero", () => {
    const history = { frequency: 3, recency: 20, age: 30 };
    const [below, at, above] = [0.999, 1, 1.001].map((a) =>
      expectedPurchases({ ...parameters, a }, history, 39),
    );
    expect(at).toBeCloseTo(((below ?? 0) + (above ?? 0)) / 2, 5);
  });
});

describe("customer lifetime value", () => {
  test("puts those who still buy, often and much, first, and says what it learned from", () => {
    const result = customerLifetimeValue(shop(400), horizon, observed);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(LifetimeValueResult, result)).toBe(true);
    expect(result.trained_on).toEqual({ observations: 400, ...observed });
    const values = result.customers.map((one) => one.lifetime_value);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    const alive = (quit: boolean) => {
      const own = result.customers.filter(({ customer }) => (Number(customer.slice(1)) % 4 === 0) === quit);
      return own.reduce((sum, one) => sum + one.alive_probability, 0) / own.length;
    };
    expect(alive(false)).toBeGreaterThan(alive(true) + 0.2);
  });

  test("is worth less the more the future is discounted, and the same in another currency but for the rate", () => {
    const customers = shop(200);
    const first = (all: readonly LifetimeCustomer[], annualDiscount: number) => {
      const result = customerLifetimeValue(all, { horizonDays: 364, annualDiscount }, observed);
      if (result.status !== "ok") throw new Error(result.reason);
      return result.customers[0]?.lifetime_value ?? Number.NaN;
    };
    expect(first(customers, 0.5)).toBeLessThan(first(customers, 0));
    const cents = customers.map((one) => ({ ...one, mean_spend: one.mean_spend * 100 }));
    expect(first(cents, 0.1) / first(customers, 0.1)).toBeCloseTo(100, 2);
  });

  test("has finite numbers for a shop whose customers all leave at the same rate", () => {
    const result = customerLifetimeValue(leavingAlike(), horizon, observed);
    if (result.status !== "ok") throw new Error(result.reason);
    expect(result.bg_nbd.a).toBeGreaterThan(10_000);
    expect(v.safeParse(LifetimeValueResult, result).issues).toBeUndefined();
    expect(result.customers.filter(({ lifetime_value }) => lifetime_value > 10).length).toBeGreaterThan(20);
  });

  test("says why there is none: one customer, nobody who came back, or all who came back alike", () => {
    const reason = (customers: readonly LifetimeCustomer[]) => {
      const result = customerLifetimeValue(customers, horizon, observed);
      return result.status === "ok" ? "" : result.reason;
    };
    const once = shop(100).map((one) => ({ ...one, repeat_days: 0, recency_days: 0, mean_spend: 0 }));
    const alike = shop(100).map((one) => ({
      ...one,
      repeat_days: 3,
      recency_days: 90,
      age_days: 100,
      mean_spend: 10,
    }));
    expect(reason([])).toBe("0 customers; at least 30 are needed");
    expect(reason(shop(1))).toBe("1 customers; at least 30 are needed");
    expect(reason(once)).toBe("0 customers bought again and spent; at least 10 are needed");
    expect(reason(alike)).toContain("customers do not differ as the models suppose");
  });
});
