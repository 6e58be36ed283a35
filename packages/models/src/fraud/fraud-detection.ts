import * as v from "valibot";
import { fitIsolationForest } from "../learners/isolation-forest.ts";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { orderRisk } from "./order-risk.ts";
import { inContext, isReadable, type OrderFacts, type OrderInContext, unsettled } from "./orders.ts";
import { amountFence, brokenFraudRules, type FraudLimits } from "./rules.ts";

const MODEL = "fraud-detection";
const VERSION = 2;
const points = v.pipe(finite, v.minValue(0), v.maxValue(100));

export const FraudResult = resultOf(MODEL, VERSION, {
  orders: v.array(
    v.strictObject({
      order_id: v.string(),
      /** 0 to 100, the sum of the components. */
      risk: points,
      components: v.strictObject({ anomaly: points, velocity: points, mismatch: points, amount: points }),
      /** Score of the isolation forest. */
      anomaly: probability,
      /** A rule is broken, or the order is among the most anomalous. */
      flagged: v.boolean(),
      /** Why it is flagged, in words; empty when it is not. */
      reasons: v.array(v.string()),
    }),
  ),
  /** Orders whose numbers or moment cannot be read. */
  left_out: count,
});
export type FraudResult = v.InferOutput<typeof FraudResult>;

/** A forest over fewer orders calls everything unusual. */
const LEAST_ORDERS = 50;
/** "Potential anomalies" of the forest's authors begin at 0.6 (Liu et al. 2008, figure 3). */
const ANOMALOUS = 0.6;

/**
 * Fraud detection and risk per order, without labels: an isolation forest and three kinds of rules.
 *
 * Method: the forest sees the amount, its ratio to what the person paid before, difference to what is owed, items,
 * payments, instalments, orders of the person in the window, and the hour, amounts as logarithms. Rules: velocity (too
 * many orders of a person in the window), mismatch (paid against owed, once something is paid; several regions in the
 * window), amount (above a set limit, or far above the others). {@link orderRisk} adds them up to 0 to 100.
 *
 * Input: one entry per order with its payments, cancelled ones included (they were tried), in one currency. Output: all
 * readable orders, highest risk first. `trained_on` counts orders.
 *
 * "Not enough data": fewer than 50 readable orders.
 *
 * Source: Liu, Ting, Zhou (2008), "Isolation Forest"; for the rules see `rules.ts`.
 */
export function detectFraud(
  given: readonly OrderFacts[],
  { limits, seed }: { readonly limits: FraudLimits; readonly seed: number },
): FraudResult {
  const orders = inContext(given.filter(isReadable), limits.windowHours);
  const forest =
    orders.length < LEAST_ORDERS ? undefined : fitIsolationForest(orders.map(anomalyColumns), { seed });
  const [first, last] = [orders[0], orders.at(-1)];
  if (forest === undefined || first === undefined || last === undefined) {
    const reason = `${orders.length} orders that can be read; unusual ones stand out from ${LEAST_ORDERS} on`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  const fence = amountFence(orders.map(({ order }) => order.paid));
  const judged = orders.map((one) => {
    const anomaly = forest.score(anomalyColumns(one));
    const hits = brokenFraudRules(one, limits, fence);
    const { score, components } = orderRisk(anomaly, hits);
    const reasons = hits.map(({ rule, detail }) => `${rule}: ${detail}`);
    if (anomaly >= ANOMALOUS) reasons.push(`anomaly: set apart with few cuts (${anomaly.toFixed(2)})`);
    return {
      order_id: one.order.order_id,
      risk: score,
      components,
      anomaly,
      flagged: reasons.length > 0,
      reasons,
    };
  });
  const flagged = judged.filter((one) => one.flagged).length;
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: {
      observations: orders.length,
      from: first.order.purchased_at,
      to: last.order.purchased_at,
    },
    metrics: {
      flagged_share: flagged / judged.length,
      mean_risk: judged.reduce((sum, { risk }) => sum + risk, 0) / judged.length,
    },
    orders: judged.sort(
      (a, b) => b.risk - a.risk || b.anomaly - a.anomaly || (a.order_id < b.order_id ? -1 : 1),
    ),
    left_out: given.length - orders.length,
  };
}

function anomalyColumns({ order, time, recentOrders, usualPaid }: OrderInContext): number[] {
  const { paid, items, payments, installments } = order;
  const hour = ((time % 86_400) / 86_400) * 2 * Math.PI;
  return [
    Math.log1p(paid),
    usualPaid === null ? 0 : Math.log1p(paid) - Math.log1p(usualPaid),
    Math.log1p(unsettled(order)),
    Math.log1p(items),
    Math.log1p(payments),
    Math.log1p(installments),
    recentOrders,
    Math.cos(hour),
    Math.sin(hour),
  ];
}
