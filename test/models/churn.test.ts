import { ChurnResult, fitChurnClassifier, type Purchase, predictChurn } from "@penstock/models";
import { Random } from "ml-random";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { churnChecks, telcoCustomers } from "../../bench/models-churn.ts";
import { expectToHold, isAbsent, referenceData, skipped } from "./reference-checks.ts";

/** Half of the customers buy every twenty days throughout, half stop after a hundred days of two hundred. */
function halfStop(customers: number): Purchase[] {
  const random = new Random(7);
  return Array.from({ length: customers }, (_, i) => i).flatMap((i) => {
    const days = i % 2 === 0 ? 200 : 100;
    const own: Purchase[] = [];
    for (let day = random.randInt(20); day < days; day += 15 + random.randInt(10)) {
      own.push({
        customer_id: `c${i}`,
        purchased_at: new Date(day * 86_400_000).toISOString(),
        amount: 10 + random.randInt(50),
      });
    }
    return own;
  });
}

describe.skipIf(isAbsent)(`the Telco customers${skipped}`, () => {
  test("who had not been seen are told apart as well as published, and the probabilities can be believed", async () => {
    const checks = await churnChecks(referenceData);
    expectToHold(checks);
  });

  test("have reasons that add up to the difference of their log-odds from the average customer's", async () => {
    const all = await telcoCustomers(referenceData);
    const [customers, churned] = [all.customers.slice(0, 1_500), all.churned.slice(0, 1_500)];
    const model = fitChurnClassifier(customers, churned, { seed: 1 });
    const logOdds = customers.slice(0, 50).map((customer) => {
      const p = model?.probability(customer) ?? 0.5;
      const sum = (model?.reasons(customer) ?? []).reduce((total, { effect }) => total + effect, 0);
      return Math.log(p / (1 - p)) - sum;
    });
    for (const rest of logOdds) expect(rest).toBeCloseTo(logOdds[0] ?? 0, 6);
    const contract = customers.map((customer) => {
      return model?.reasons(customer).find(({ feature }) => feature === "Contract");
    });
    const effects = (value: string) => contract.flatMap((one) => (one?.value === value ? one.effect : []));
    expect(Math.min(...effects("Month-to-month"))).toBeGreaterThan(0);
    expect(Math.max(...effects("Two year"))).toBeLessThan(0);
  });
});

test("the metrics of a churn model are those that customers it has not seen will give", () => {
  const random = new Random(5);
  const noise = Array.from({ length: 60 }, () =>
    Object.fromEntries(Array.from({ length: 8 }, (_, f) => [`f${f}`, random.random() - 0.5])),
  );
  const churned = noise.map((_, i) => i % 3 === 0);
  const model = fitChurnClassifier(noise, churned, { seed: 1 });
  // By the base rate, the best that can be said of noise, the score is 2/9: nothing seen may look better than that.
  expect(model?.metrics.brier).toBeGreaterThanOrEqual(2 / 9);
});

describe("churn on purchases", () => {
  const purchases = halfStop(200);

  test("gives those who stopped a high probability, with their silence as the first reason", () => {
    const result = predictChurn(purchases, { churnDays: 60, seed: 1 });
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(ChurnResult, result)).toBe(true);
    expect(result.trained_on.to).toBe("1970-07-19");
    expect(result.cut).toBe("1970-05-20");
    const mean = (parity: number) => {
      const own = result.customers.filter(({ customer_id }) => Number(customer_id.slice(1)) % 2 === parity);
      return own.reduce((sum, one) => sum + one.churn_probability, 0) / own.length;
    };
    expect(mean(1)).toBeGreaterThan(0.9);
    expect(mean(0)).toBeLessThan(0.1);
    const stopped = result.customers.find(({ customer_id }) => customer_id === "c1");
    expect(stopped?.reasons.filter(({ effect }) => effect > 0).map(({ feature }) => feature)).toContain(
      "days_since_last_order",
    );
  });

  test("answers the same under the same seed", () => {
    const once = predictChurn(purchases, { churnDays: 60, seed: 3 });
    const again = predictChurn(purchases, { churnDays: 60, seed: 3 });
    expect(again).toEqual(once);
  });

  test("says so when everybody left or nobody did, or the data are shorter than the window", () => {
    const oneDay = purchases.map((one) => ({ ...one, purchased_at: "2024-05-05" }));
    const allLeft = purchases.filter(({ customer_id }) => Number(customer_id.slice(1)) % 2 === 1);
    const answers = [
      predictChurn([], { churnDays: 60, seed: 1 }),
      predictChurn(oneDay, { churnDays: 60, seed: 1 }),
      predictChurn([...allLeft, { customer_id: "x", purchased_at: "1971-01-01", amount: 1 }], {
        churnDays: 60,
        seed: 1,
      }),
    ];
    expect(answers.map((answer) => (answer.status === "ok" ? "ok" : answer.reason))).toEqual([
      "there are no purchases",
      "purchases span 1 days; 60 days after a cut cannot be seen in them",
      "of 100 customers up to 1970-11-02, 100 left and 0 stayed; each must be at least 20, and the fit must converge",
    ]);
  });
});
