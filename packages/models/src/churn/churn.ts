import { Random } from "ml-random";
import * as v from "valibot";
import { shuffled } from "../learners/folds.ts";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { fitChurnClassifier, LEAST_OF_A_CLASS } from "./churn-classifier.ts";
import { byCustomer, isoDay, type Purchase, purchaseFeatures } from "./purchase-features.ts";

const MODEL = "churn";
const VERSION = 2;

export const ChurnResult = resultOf(MODEL, VERSION, {
  /** The definition: no purchase in so many days after the cut. */
  churn_days: count,
  /** Last day whose purchases the model learned features from; the outcome is what followed. */
  cut: v.pipe(v.string(), v.isoDate()),
  customers: v.array(
    v.strictObject({
      customer_id: v.string(),
      /** Chance of no purchase in the `churn_days` after the last day of the data. */
      churn_probability: probability,
      /** Heaviest first; `effect` in log-odds against the average customer, > 0 towards churn. */
      reasons: v.array(
        v.strictObject({
          feature: v.string(),
          value: v.union([finite, v.string()]),
          effect: finite,
        }),
      ),
    }),
  ),
});
export type ChurnResult = v.InferOutput<typeof ChurnResult>;

/** More rows make the fit slower, not better: there are 16 weights to find. */
const TRAINING_CUSTOMERS = 50_000;
const REASONS = 3;

/**
 * Churn per customer, from the purchases alone.
 *
 * Method: the cut is `churnDays` before the last day of the data. Customers with a purchase up to the cut are described
 * as they were then, and are called churned when they bought nothing in the `churnDays` that followed; see
 * {@link fitChurnClassifier} for what learns from that. Every customer is then described as of the last day and scored.
 *
 * Input: one purchase per order, orders that were cancelled left out. Output: a probability per customer with its three
 * heaviest reasons. `trained_on` counts customers.
 *
 * "Not enough data": no purchases, a period shorter than `churnDays`, fewer than 20 customers who left or who stayed.
 *
 * Source: Neslin et al. (2006), "Defection Detection" (the set-up with a cut and a window).
 */
export function predictChurn(
  purchases: readonly Purchase[],
  { churnDays, seed }: { readonly churnDays: number; readonly seed: number },
): ChurnResult {
  const customers = byCustomer(purchases);
  const days = [...customers.values()].flatMap((own) => [own[0]?.day ?? 0, own.at(-1)?.day ?? 0]);
  if (days.length === 0) return notEnoughData(MODEL, VERSION, "there are no purchases");
  const first = days.reduce((a, b) => Math.min(a, b));
  const last = days.reduce((a, b) => Math.max(a, b));
  const cut = last - churnDays;
  if (cut < first) {
    const reason = `purchases span ${last - first + 1} days; ${churnDays} days after a cut cannot be seen in them`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  const known = [...customers.values()].filter(([earliest]) => earliest !== undefined && earliest.day <= cut);
  const learned = shuffled(known.length, new Random(seed))
    .slice(0, TRAINING_CUSTOMERS)
    .flatMap((index) => known.slice(index, index + 1))
    .flatMap((own) => {
      const features = purchaseFeatures(own, cut, churnDays);
      return features === undefined ? [] : [{ features, churned: !own.some(({ day }) => day > cut) }];
    });
  const classifier = fitChurnClassifier(
    learned.map(({ features }) => features),
    learned.map(({ churned }) => churned),
    { seed },
  );
  if (classifier === undefined) {
    const churned = learned.filter((one) => one.churned).length;
    const reason = `of ${learned.length} customers up to ${isoDay(cut)}, ${churned} left and ${learned.length - churned} stayed; each must be at least ${LEAST_OF_A_CLASS}, and the fit must converge`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: learned.length, from: isoDay(first), to: isoDay(last) },
    metrics: {
      ...classifier.metrics,
      churned_share: learned.filter(({ churned }) => churned).length / learned.length,
    },
    churn_days: churnDays,
    cut: isoDay(cut),
    customers: [...customers].flatMap(([customer_id, own]) => {
      const features = purchaseFeatures(own, last, churnDays);
      if (features === undefined) return [];
      const reasons = classifier.reasons(features).slice(0, REASONS);
      return [{ customer_id, churn_probability: classifier.probability(features), reasons }];
    }),
  };
}
