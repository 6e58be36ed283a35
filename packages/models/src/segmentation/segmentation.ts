import { Random } from "ml-random";
import * as v from "valibot";
import { adjustedRand } from "../measures/adjusted-rand.ts";
import { count, finite, notEnoughData, probability, resultOf } from "../result.ts";
import { chooseK } from "./choose-k.ts";
import { type Clustering, cluster, nearest } from "./clusters.ts";
import { type CustomerSummary, hasRfm, rfmSpace } from "./rfm.ts";
import { type Standing, segmentNames } from "./segment-names.ts";

const MODEL = "segmentation";
const VERSION = 1;

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
  /** Customers without spend (all returned) or with unreadable numbers. */
  left_out: count,
});
export type SegmentationResult = v.InferOutput<typeof SegmentationResult>;

/** With fewer, segments are single customers. */
const LEAST_CUSTOMERS = 20;
/** Centres do not move any more with more rows; all customers are assigned to them. */
const FIT_CUSTOMERS = 20_000;
const BOOTSTRAPS = 5;
const BOOTSTRAP_CUSTOMERS = 2_000;

/**
 * Segments of customers by recency, frequency and monetary value.
 *
 * Method: RFM on logarithms, standardised; k-means with k-means++; k from 3 to 8 by the mean silhouette; names from where
 * a segment's centre stands against the average customer. The metric `stability` is the mean adjusted Rand index of the
 * segments against those of five bootstrap samples of the customers, 1 when the sample does not matter.
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
  const fitted = points.length <= FIT_CUSTOMERS ? points : resampled(points, FIT_CUSTOMERS, random);
  const found = chosen === undefined ? undefined : cluster(fitted, chosen.k, random);
  if (chosen === undefined || found === undefined) {
    return notEnoughData(
      MODEL,
      VERSION,
      `all ${customers.length} customers are alike in recency, orders and spend`,
    );
  }
  const labels = points.map((point) => nearest(found.centres, point));
  const names = segmentNames(found.centres.map(standing));
  const spend = customers.reduce((sum, customer) => sum + customer.spend, 0);
  const segments = names.flatMap((name, label) => {
    const own = customers.filter((_, i) => labels[i] === label);
    if (own.length === 0) return [];
    return {
      name,
      customers: own.length,
      share: own.length / customers.length,
      spend_share: Math.min(1, own.reduce((sum, customer) => sum + customer.spend, 0) / spend),
      recency_days: median(own.map(({ recency_days }) => recency_days)),
      orders: median(own.map(({ orders }) => orders)),
      spend: median(own.map((customer) => customer.spend)),
    };
  });
  return {
    status: "ok",
    model: MODEL,
    version: VERSION,
    trained_on: { observations: customers.length, from, to },
    metrics: {
      silhouette: chosen.silhouettes.find(({ k }) => k === chosen.k)?.silhouette ?? 0,
      stability: stability(fitted, found, random),
    },
    k: chosen.k,
    silhouettes: [...chosen.silhouettes],
    segments: segments.sort((a, b) => b.spend_share - a.spend_share),
    customers: customers.map(({ customer_id }, i) => ({ customer_id, segment: names[labels[i] ?? 0] ?? "" })),
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

function standing(centre: readonly number[]): Standing {
  return { recency: centre[0] ?? 0, frequency: centre[1] ?? 0, spend: centre[2] ?? 0 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
