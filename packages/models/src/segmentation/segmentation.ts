import { Random } from "ml-random";
import * as v from "valibot";
import { shuffled } from "../learners/folds.ts";
import { adjustedRand } from "../measures/adjusted-rand.ts";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { chooseK } from "./choose-k.ts";
import { type Clustering, cluster, nearest } from "./clusters.ts";
import { quantile } from "./quantile.ts";
import { type CustomerSummary, hasRfm, rfmSpace } from "./rfm.ts";
import { type SegmentMedians, segmentNames } from "./segment-names.ts";

const MODEL = "segmentation";
const VERSION = 2;

export const SegmentationResult = resultOf(MODEL, VERSION, {
  k: count,
  /** Mean silhouette by number of segments that was tried. */
  silhouettes: v.array(v.strictObject({ k: count, silhouette: finite })),
  segments: v.array(
    v.strictObject({
      name: v.string(),
      customers: count,
      share: probability,
      /** Share of all that customers spent. */
      spend_share: probability,
      /** Medians. */
      recency_days: finite,
      orders: finite,
      spend: finite,
    }),
  ),
  customers: v.array(v.strictObject({ customer_id: v.string(), segment: v.string() })),
  /** Whether other samples of these customers have about the same segments; if not, do not build on where they end. */
  stable: v.boolean(),
  /** Customers without spend (all returned) or with unreadable numbers. */
  left_out: count,
});
export type SegmentationResult = v.InferOutput<typeof SegmentationResult>;

/** With fewer, segments are single customers. */
const LEAST_CUSTOMERS = 20;
/** Centres do not move any more with more rows; all customers are assigned to them. */
const FIT_CUSTOMERS = 50_000;
const BOOTSTRAPS = 5;
/** Below it groups dissolve from sample to sample (Hennig 2007: 0.75 and more are valid, stable groups). */
const STABLE = 0.75;
const BOOTSTRAP_CUSTOMERS = 2_000;

/**
 * Segments of customers by recency, frequency and monetary value.
 *
 * Method: RFM on logarithms, standardised; k-means with k-means++; k from 3 to 8 by the mean silhouette; names from where
 * a segment's medians stand among all customers. The metric `stability` is the mean adjusted Rand index of the segments
 * against those of five bootstrap samples of the customers, 1 when the sample does not matter; `stable` says whether it
 * is 0.75 at least.
 *
 * Input: one summary per customer (days, orders, one currency) and the first and last day of the data. Output: the
 * segments, largest spend first, and each customer's segment.
 *
 * "Not enough data": fewer than 20 customers with spend, or all alike.
 *
 * Sources: Hughes (1994) for RFM; Rousseeuw (1987) for the silhouette; Hennig (2007) for the bootstrap.
 */
export function segmentCustomers(
  given: readonly CustomerSummary[],
  { from, to, seed }: { readonly from: string | null; readonly to: string | null; readonly seed: number },
): SegmentationResult {
  const customers = given.filter(hasRfm);
  if (customers.length < LEAST_CUSTOMERS) {
    const reason = `${customers.length} customers with spend; segments need at least ${LEAST_CUSTOMERS}`;
    return notEnoughData(MODEL, VERSION, reason);
  }
  const { points } = rfmSpace(customers);
  const chosen = chooseK(points, seed);
  const random = new Random(seed);
  const fitted = points.length <= FIT_CUSTOMERS ? points : sampled(points, FIT_CUSTOMERS, random);
  const found = chosen === undefined ? undefined : cluster(fitted, chosen.k, random);
  if (chosen === undefined || found === undefined) {
    return notEnoughData(
      MODEL,
      VERSION,
      `all ${customers.length} customers are alike in recency, orders and spend`,
    );
  }
  const labels = points.map((point) => nearest(found.centres, point));
  // A centre that is the nearest to nobody is no segment.
  const used = [...new Set(labels)].sort((a, b) => a - b);
  const groups = used.map((label) => customers.filter((_, i) => labels[i] === label));
  const names = segmentNames(groups.map(medians), customers);
  const spend = customers.reduce((sum, customer) => sum + customer.spend, 0);
  const segments = groups.map((own, index) => ({
    name: names[index] ?? "",
    customers: own.length,
    share: own.length / customers.length,
    spend_share: Math.min(1, own.reduce((sum, customer) => sum + customer.spend, 0) / spend),
    ...medians(own),
  }));
  const nameOf = new Map(used.map((label, index) => [label, names[index] ?? ""]));
  const certainty = stability(fitted, found, random);
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: customers.length, from, to },
    metrics: {
      silhouette: chosen.silhouettes.find(({ k }) => k === chosen.k)?.silhouette ?? 0,
      stability: certainty,
    },
    k: chosen.k,
    silhouettes: [...chosen.silhouettes],
    segments: segments.sort((a, b) => b.spend_share - a.spend_share),
    customers: customers.map(({ customer_id }, i) => ({
      customer_id,
      segment: nameOf.get(labels[i] ?? 0) ?? "",
    })),
    stable: certainty >= STABLE,
    left_out: given.length - customers.length,
  };
}

function stability(points: readonly (readonly number[])[], whole: Clustering, random: Random): number {
  let sum = 0;
  for (let b = 0; b < BOOTSTRAPS; b++) {
    const size = Math.min(points.length, BOOTSTRAP_CUSTOMERS);
    const again = cluster(resampled(points, size, random), whole.centres.length, random);
    // A sample with fewer different points than segments holds nothing of them.
    const labels = points.map((point) => (again === undefined ? 0 : nearest(again.centres, point)));
    sum += adjustedRand(whole.labels, labels);
  }
  return sum / BOOTSTRAPS;
}

function resampled<T>(points: readonly T[], size: number, random: Random): T[] {
  return Array.from({ length: size }).flatMap(() => {
    const index = random.randInt(points.length);
    return points.slice(index, index + 1);
  });
}

function sampled<T>(points: readonly T[], size: number, random: Random): T[] {
  return shuffled(points.length, random)
    .slice(0, size)
    .flatMap((index) => points.slice(index, index + 1));
}

function medians(own: readonly CustomerSummary[]): SegmentMedians {
  const median = (values: readonly number[]) => quantile(Float64Array.from(values).sort(), 1 / 2);
  return {
    recency_days: median(own.map(({ recency_days }) => recency_days)),
    orders: median(own.map(({ orders }) => orders)),
    spend: median(own.map(({ spend }) => spend)),
  };
}
