import { type CardPayment, detectPaymentFraud, PaymentFraudResult } from "@penstock/models";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { historyColumns, paymentHistory } from "../../packages/models/src/fraud/payment-history.ts";

const DAY = 86_400;
const payment = (day: number, given: Partial<CardPayment> = {}): CardPayment => {
  return { time: day * DAY, card: "a", terminal: "t", amount: 10, fraud: false, ...given };
};

function described(payments: readonly CardPayment[], index: number): Record<string, number> {
  const rows = paymentHistory(payments, { delayDays: 7, wanted: () => true });
  return Object.fromEntries(historyColumns.map((name, c) => [name, rows[index]?.row[c] ?? Number.NaN]));
}

describe("the past of a payment", () => {
  test("counts a card's payments up to and with this one, in windows that leave their start out", () => {
    const payments = [payment(0), payment(1, { amount: 30 }), payment(7.5, { amount: 20 })];
    expect(described(payments, 2)).toMatchObject({
      amount: 20,
      card_payments_1d: 1,
      card_payments_7d: 2,
      card_mean_amount_7d: 25,
      card_payments_30d: 3,
      card_mean_amount_30d: 20,
    });
    expect(described([payment(0), payment(1)], 1).card_payments_1d).toBe(1);
  });

  test("knows a fraud at a terminal when seven days have passed, not before", () => {
    const payments = [payment(0, { fraud: true, card: "b" }), payment(6.9), payment(7.1, { card: "c" })];
    expect(described(payments, 1)).toMatchObject({ terminal_payments_30d: 0, terminal_fraud_share_30d: 0 });
    expect(described(payments, 2)).toMatchObject({ terminal_payments_1d: 1, terminal_fraud_share_1d: 1 });
  });

  test("is the same whatever follows", () => {
    const past = [payment(0), payment(3, { fraud: true }), payment(11)];
    const future = [payment(12, { fraud: true, amount: 999 }), payment(30)];
    expect(described([...past, ...future], 2)).toEqual(described(past, 2));
  });

  test("tells night from day and weekend from week", () => {
    // 1970-01-01 was a Thursday, so day 2 was a Saturday.
    expect(described([payment(2 + 3 / 24)], 0)).toMatchObject({ weekend: 1, night: 1 });
    expect(described([payment(4 + 12 / 24)], 0)).toMatchObject({ weekend: 0, night: 0 });
  });
});

describe("fraud among payments", () => {
  /** Fifty payments a day for forty days; from the high amounts every one is fraud. */
  const payments = Array.from({ length: 2_000 }, (_, i) => {
    const amount = i % 20 === 0 ? 200 + (i % 7) : 10 + (i % 90);
    return payment(i / 50, { card: `c${i % 60}`, terminal: `t${i % 35}`, amount, fraud: i % 20 === 0 });
  });
  const periods = {
    train: { from: 16 * DAY, to: 26 * DAY },
    score: { from: 33 * DAY, to: 40 * DAY },
    delayDays: 7,
  };

  test("is learned from one week and found in a later one", () => {
    const result = detectPaymentFraud(payments, { ...periods, amountLimit: 150, seed: 1 });
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(PaymentFraudResult, result)).toBe(true);
    expect(result.payments).toHaveLength(350);
    expect(result.metrics.roc_auc).toBeGreaterThan(0.99);
    const flagged = result.payments.filter((one) => one.flagged).map(({ index }) => index);
    expect(flagged).toEqual(result.payments.map(({ index }) => index).filter((index) => index % 20 === 0));
  });

  test("is not judged with labels that are not known yet, nor without frauds to learn from", () => {
    const early = { ...periods, score: { from: 30 * DAY, to: 40 * DAY } };
    const honest = payments.map((one) => ({ ...one, fraud: false }));
    const given = { amountLimit: null, seed: 1 };
    expect(detectPaymentFraud(payments, { ...early, ...given })).toMatchObject({
      status: "not enough data",
      reason: "the scored period begins before the 7 days are over after which frauds are known",
    });
    expect(detectPaymentFraud(honest, { ...periods, ...given }).status).toBe("not enough data");
    expect(detectPaymentFraud([], { ...periods, ...given }).status).toBe("not enough data");
  });
});
