import { finite, notEnoughData, probability, resultOf } from "@penstock/models";
import * as v from "valibot";
import { expect, test } from "vitest";
import { soundAnswer } from "../../packages/analytics/src/sound-answer.ts";

const Churn = resultOf("churn", 7, {
  customers: v.array(
    v.strictObject({ customer_id: v.string(), churn_probability: probability, spend: finite }),
  ),
});

/** An answer of such a model about so many customers. */
function churn(size: number, probabilityOf: (index: number) => number): v.InferOutput<typeof Churn> {
  return {
    status: "ok",
    model: "churn",
    version: 7,
    trained_on: { observations: size, from: "2025-01-01", to: "2025-12-31" },
    metrics: { roc_auc: 0.8 },
    customers: Array.from({ length: size }, (_, i) => {
      return { customer_id: `c${i}`, churn_probability: probabilityOf(i), spend: 10 };
    }),
  };
}

test("an answer that keeps its contract passes as it is", () => {
  const answer = churn(5_000, () => 0.5);
  expect(soundAnswer(Churn, answer)).toBe(answer);
});

test("one number that is none, anywhere in a long list, makes it not enough data", () => {
  const answer = churn(5_000, (index) => (index === 4_321 ? Number.NaN : 0.5));
  expect(soundAnswer(Churn, answer)).toEqual({
    status: "not enough data",
    model: "churn",
    version: 7,
    reason: "the fit gave no finite numbers",
  });
});

test("values out of their range make it not enough data, with where they stand", () => {
  expect(
    soundAnswer(
      Churn,
      churn(3, () => 1.5),
    ),
  ).toMatchObject({
    status: "not enough data",
    reason: expect.stringMatching(/out of range, at: customers\.0\.churn_probability/),
  });
});

test("not enough data stays what it was", () => {
  const answer = notEnoughData("churn", 7, "there are no sales");
  expect(soundAnswer(Churn, answer)).toBe(answer);
});
