import * as v from "valibot";
import { count, finite, notEnoughData, probability, resultOf, type TrainedOn } from "../result.ts";
import { aliveProbability, type BgNbd, expectedPurchases, fitBgNbd } from "./bg-nbd.ts";
import { expectedSpend, fitGammaGamma, type GammaGamma } from "./gamma-gamma.ts";

const MODEL = "customer-lifetime-value";
const VERSION = 1;

/** Fewer say nothing of how customers differ: four and three parameters are fitted. */
const LEAST = { customers: 30, repeaters: 10 };
const DAYS_A_WEEK = 7;
const WEEKS_A_YEAR = 365.25 / DAYS_A_WEEK;
/** Beyond it a parameter has run to the end of its range: customers do not differ that way in these data. */
const RUNAWAY = 1e5;

/** One customer, as SQL sums him up from the days on which he bought. */
export const LifetimeCustomer = v.pipe(
  v.strictObject({
    customer: v.string(),
    /** Days with a purchase after the first such day. */
    repeat_days: count,
    /** Days from the first to the last purchase; 0 without repeats. */
    recency_days: v.pipe(finite, v.minValue(0)),
    /** Days from the first purchase to the end of what was observed. */
    age_days: v.pipe(finite, v.minValue(0)),
    /** Mean amount per repeat day; 0 without repeats. */
    mean_spend: v.pipe(finite, v.minValue(0)),
  }),
  v.check(
    ({ repeat_days, recency_days, age_days }) =>
      recency_days <= age_days && (repeat_days === 0 ? recency_days === 0 : recency_days > 0),
    "recency is within age, and above 0 exactly with repeats",
  ),
);
export type LifetimeCustomer = v.InferOutput<typeof LifetimeCustomer>;

const BgNbdParameters = v.strictObject({ r: finite, alpha: finite, a: finite, b: finite });
const GammaGammaParameters = v.strictObject({ p: finite, q: finite, v: finite });

/** Customers by falling lifetime value (then by name), in the currency of their spends. */
export const LifetimeValueResult = resultOf(MODEL, VERSION, {
  horizon_days: finite,
  annual_discount: finite,
  /** alpha is in weeks. */
  bg_nbd: v.strictObject({ ...BgNbdParameters.entries, standard_errors: v.nullable(BgNbdParameters) }),
  gamma_gamma: v.strictObject({
    ...GammaGammaParameters.entries,
    standard_errors: v.nullable(GammaGammaParameters),
  }),
  customers: v.array(
    v.strictObject({
      customer: v.string(),
      alive_probability: probability,
      /** Within the horizon. */
      expected_purchases: v.pipe(finite, v.minValue(0)),
      /** Per purchase. */
      expected_spend: v.pipe(finite, v.minValue(0)),
      /** Sum of the expected amounts of the horizon's weeks, discounted to today. Revenue, not margin. */
      lifetime_value: v.pipe(finite, v.minValue(0)),
    }),
  ),
});
export type LifetimeValueResult = v.InferOutput<typeof LifetimeValueResult>;

/**
 * Customer lifetime value: BG/NBD for how often and how long customers buy, Gamma-Gamma for how much they spend, both
 * by maximum likelihood over weeks; the value is the discounted sum of purchases expected per week × spend expected.
 *
 * @param customers days and amounts per customer; a day with several purchases counts once
 * @param horizonDays how far ahead value counts; whole weeks, at least one
 * @param annualDiscount 0.1 is 10 % a year
 * @param observed first and last day of the purchases, for `trained_on`
 * @returns "not enough data" for fewer than 30 customers or 10 with repeats and a spend, for spends whose mean does not
 *   exist (q ≤ 1), and where a fit does not converge or gives no finite numbers. Metrics: both log-likelihoods,
 *   `customers`, `repeat_customers`, and `frequency_spend_correlation`, which Gamma-Gamma supposes to be near 0
 * @see P. Fader, B. Hardie, K. Lee (2005), Marketing Science 24; P. Fader, B. Hardie, "The Gamma-Gamma Model of Monetary
 *   Value" (2013)
 */
export function customerLifetimeValue(
  customers: readonly LifetimeCustomer[],
  { horizonDays, annualDiscount }: { readonly horizonDays: number; readonly annualDiscount: number },
  observed: Pick<TrainedOn, "from" | "to">,
): LifetimeValueResult {
  const refuse = (reason: string) => notEnoughData(MODEL, VERSION, reason);
  const repeaters = customers.filter(({ repeat_days, mean_spend }) => repeat_days > 0 && mean_spend > 0);
  if (customers.length < LEAST.customers)
    return refuse(`${customers.length} customers; at least ${LEAST.customers} are needed`);
  if (repeaters.length < LEAST.repeaters)
    return refuse(
      `${repeaters.length} customers bought again and spent; at least ${LEAST.repeaters} are needed`,
    );
  const spends = repeaters.map(({ repeat_days, mean_spend }) => ({
    frequency: repeat_days,
    mean: mean_spend,
  }));
  const bgNbd = fitBgNbd(customers.map(inWeeks));
  const gammaGamma = fitGammaGamma(spends);
  const runaway = [bgNbd.r, bgNbd.a, bgNbd.b, gammaGamma.p, gammaGamma.q].some((one) => one > RUNAWAY);
  if (!bgNbd.converged || !gammaGamma.converged || runaway)
    return refuse(
      "the likelihood has no maximum within reach: customers do not differ as the models suppose",
    );
  if (gammaGamma.q <= 1.01)
    return refuse(`spends vary too widely for a mean (Gamma-Gamma q = ${gammaGamma.q.toFixed(3)})`);
  const weeks = Math.max(1, Math.round(horizonDays / DAYS_A_WEEK));
  const valued = customers.map(discounted(bgNbd, gammaGamma, weeks, annualDiscount));
  const numbers = [bgNbd.log_likelihood, gammaGamma.log_likelihood, bgNbd.alpha, gammaGamma.v];
  const isSound = valued.every((one) =>
    [one.alive_probability, one.expected_purchases, one.expected_spend, one.lifetime_value].every(
      Number.isFinite,
    ),
  );
  if (!isSound || !numbers.every(Number.isFinite))
    return refuse("the fit gave no finite numbers: the amounts or days are too large or too small");
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: customers.length, ...observed },
    metrics: {
      bg_nbd_log_likelihood: bgNbd.log_likelihood,
      gamma_gamma_log_likelihood: gammaGamma.log_likelihood,
      customers: customers.length,
      repeat_customers: repeaters.length,
      frequency_spend_correlation: correlation(spends),
    },
    horizon_days: weeks * DAYS_A_WEEK,
    annual_discount: annualDiscount,
    bg_nbd: {
      r: bgNbd.r,
      alpha: bgNbd.alpha,
      a: bgNbd.a,
      b: bgNbd.b,
      standard_errors: bgNbd.standard_errors,
    },
    gamma_gamma: {
      p: gammaGamma.p,
      q: gammaGamma.q,
      v: gammaGamma.v,
      standard_errors: gammaGamma.standard_errors,
    },
    customers: valued.sort(
      (a, b) => b.lifetime_value - a.lifetime_value || (a.customer < b.customer ? -1 : 1),
    ),
  };
}

function inWeeks({ repeat_days, recency_days, age_days }: LifetimeCustomer) {
  return { frequency: repeat_days, recency: recency_days / DAYS_A_WEEK, age: age_days / DAYS_A_WEEK };
}

/**
 * Values one customer. Week by week for the exact sum would cost the series once a week and customer; the curve of
 * expected purchases is smooth, so thirteen steps of equal length are summed, each discounted at its middle.
 */
function discounted(bgNbd: BgNbd, gammaGamma: GammaGamma, weeks: number, annualDiscount: number) {
  const steps = Math.min(weeks, 13);
  const known = new Map<string, { alive: number; purchases: number; present: number }>();
  return ({ customer, ...days }: LifetimeCustomer) => {
    const history = inWeeks({ customer, ...days });
    const key = `${history.frequency} ${history.recency} ${history.age}`;
    let future = known.get(key);
    if (future === undefined) {
      let [purchases, present] = [0, 0];
      for (let step = 1; step <= steps; step++) {
        const until = expectedPurchases(bgNbd, history, (weeks * step) / steps);
        const middle = (weeks * (step - 0.5)) / steps / WEEKS_A_YEAR;
        present += (until - purchases) / (1 + annualDiscount) ** middle;
        purchases = until;
      }
      future = { alive: aliveProbability(bgNbd, history), purchases, present: Math.max(0, present) };
      known.set(key, future);
    }
    // A repeat day of amount 0 says nothing that the model can use.
    const spend = expectedSpend(gammaGamma, {
      frequency: days.mean_spend > 0 ? days.repeat_days : 0,
      mean: days.mean_spend,
    });
    return {
      customer,
      alive_probability: future.alive,
      expected_purchases: future.purchases,
      expected_spend: spend,
      lifetime_value: future.present * spend,
    };
  };
}

function correlation(spends: readonly { readonly frequency: number; readonly mean: number }[]): number {
  const size = spends.length;
  const x = spends.reduce((sum, { frequency }) => sum + frequency, 0) / size;
  const y = spends.reduce((sum, { mean }) => sum + mean, 0) / size;
  let [xy, xx, yy] = [0, 0, 0];
  for (const { frequency, mean } of spends) {
    xy += (frequency - x) * (mean - y);
    xx += (frequency - x) ** 2;
    yy += (mean - y) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
