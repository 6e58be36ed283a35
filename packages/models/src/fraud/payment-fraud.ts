import * as v from "valibot";
import { fitBoostedTrees } from "../learners/boosted-trees.ts";
import { sigmoid } from "../learners/logistic.ts";
import { averagePrecision, rocAuc } from "../measures/classification.ts";
import { count, notEnoughData, probability, resultOf } from "../result.ts";
import { type CardPayment, paymentHistory } from "./payment-history.ts";

const MODEL = "payment-fraud";
const VERSION = 1;

export const PaymentFraudResult = resultOf(MODEL, VERSION, {
  payments: v.array(
    v.strictObject({
      /** Place in the payments that were handed in. */
      index: count,
      probability,
      /** Above the amount limit, or more likely fraud than not. */
      flagged: v.boolean(),
    }),
  ),
});
export type PaymentFraudResult = v.InferOutput<typeof PaymentFraudResult>;

/** Which payments to learn from, which to score; all in seconds since 1970-01-01T00:00Z, the ends exclusive. */
export interface PaymentFraudOptions {
  readonly train: { readonly from: number; readonly to: number };
  /** Begins `delayDays` after the end of training or later: only then are the labels of training known. */
  readonly score: { readonly from: number; readonly to: number };
  readonly delayDays: number;
  /** Any amount above is flagged whatever else is known; null for no limit. */
  readonly amountLimit: number | null;
  readonly seed: number;
}

const LEAST_OF_A_CLASS = 20;
const DAY = 86_400;

/**
 * Fraud among card payments where earlier frauds are known.
 *
 * Method: gradient boosted trees over what the past says of each payment ({@link paymentHistory}), learned from one
 * period and applied to a later one; a fraud is known `delayDays` after the payment, in the features and in the labels.
 *
 * Input: payments in order of time (one currency) from some 40 days before the scored ones on, since windows reach back
 * 30 days and the delay. Output: a probability per scored payment. `trained_on` counts payments.
 *
 * "Not enough data": fewer than 20 frauds or 20 other payments in training, nothing to score, or a score period that
 * begins before the labels are known.
 *
 * Source: Le Borgne et al., "Reproducible Machine Learning for Credit Card Fraud Detection", chapters 3 and 5.
 */
export function detectPaymentFraud(
  payments: readonly CardPayment[],
  { train, score, delayDays, amountLimit, seed }: PaymentFraudOptions,
): PaymentFraudResult {
  if (score.from < train.to + delayDays * DAY) {
    const reason = `the scored period begins before the ${delayDays} days are over after which frauds are known`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  const isWithin = (time: number, { from, to }: { from: number; to: number }) => time >= from && time < to;
  const history = paymentHistory(payments, {
    delayDays,
    wanted: ({ time }) => isWithin(time, train) || isWithin(time, score),
  });
  const learned = history.filter(({ payment: { time } }) => isWithin(time, train));
  const scored = history.filter(({ payment: { time } }) => isWithin(time, score));
  const labels = learned.map(({ payment }) => payment.fraud);
  const frauds = labels.filter(Boolean).length;
  const model =
    Math.min(frauds, labels.length - frauds) < LEAST_OF_A_CLASS || scored.length === 0
      ? undefined
      : fitBoostedTrees(
          learned.map(({ row }) => row),
          labels,
          { seed },
        );
  if (model === undefined) {
    const reason = `${frauds} frauds among ${labels.length} payments to learn from, ${scored.length} to score; ${LEAST_OF_A_CLASS} of either kind and one to score are needed`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  const answers = scored.map(({ index, payment, row }) => {
    const chance = sigmoid(model.logOdds(row));
    const isOver = amountLimit !== null && payment.amount > amountLimit;
    return { index, probability: chance, flagged: isOver || chance > 0.5 };
  });
  const judged = answers.map((answer, i) => {
    return { score: answer.probability, label: scored[i]?.payment.fraud === true };
  });
  const auc = rocAuc(judged);
  const precision = averagePrecision(judged);
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: learned.length, from: isoTime(train.from), to: isoTime(train.to) },
    metrics: {
      fraud_share: frauds / labels.length,
      // Of the scored period, where its frauds are known by now.
      ...(auc === undefined ? {} : { roc_auc: auc }),
      ...(precision === undefined ? {} : { average_precision: precision }),
    },
    payments: answers,
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
