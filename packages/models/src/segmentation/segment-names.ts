import { quantile } from "./quantile.ts";
import type { CustomerSummary } from "./rfm.ts";

/** Medians of the customers of one segment, in the units of {@link CustomerSummary}. */
export type SegmentMedians = Pick<CustomerSummary, "recency_days" | "orders" | "spend">;

const OUTER = 0.3;

/** Keys: recent, between or lapsed; often or not; much, between or little. */
const names: Readonly<Record<string, string>> = {
  RFM: "champions",
  "RF-": "champions",
  RFm: "loyal, small baskets",
  "-FM": "loyal",
  "-F-": "loyal",
  "-Fm": "loyal, small baskets",
  rFM: "at risk",
  "rF-": "at risk",
  rFm: "slipping regulars",
  RfM: "recent big spenders",
  "Rf-": "new",
  Rfm: "new",
  "-fM": "big spenders",
  "-f-": "occasional",
  "-fm": "occasional",
  rfM: "lapsed big spenders",
  "rf-": "lost",
  rfm: "lost",
};

/**
 * A name for each segment, from its medians among all customers, so that the same customers get the same name whatever
 * number k-means gave them. Recent and lapsed, much and little are the outer 30 % of the customers: a half of them has
 * its median at a quartile, and a segment that is cut along another measure has it near the middle, so that neither is
 * at the edge of a name. "Often" are two orders at least. Two segments with one name are told apart by their spend: the
 * higher keeps "1", the next "2", and so on.
 */
export function segmentNames(
  segments: readonly SegmentMedians[],
  customers: readonly CustomerSummary[],
): string[] {
  const recency = outer(customers.map(({ recency_days }) => recency_days));
  const orders = outer(customers.map((customer) => customer.orders));
  const spend = outer(customers.map((customer) => customer.spend));
  const plain = segments.map((segment) => {
    const late = place(segment.recency_days, recency, "R-r");
    const often = segment.orders >= Math.max(2, orders.upper) ? "F" : "f";
    const key = `${late}${often}${place(segment.spend, spend, "m-M")}`;
    return names[key] ?? key;
  });
  return plain.map((name, index) => {
    const own = segments[index]?.spend ?? 0;
    const same = segments.filter((_, other) => plain[other] === name);
    if (same.length === 1) return name;
    const before = segments.filter(
      (other, at) => plain[at] === name && (other.spend > own || (other.spend === own && at < index)),
    );
    return `${name} ${before.length + 1}`;
  });
}

interface Limits {
  readonly lower: number;
  readonly upper: number;
}

function outer(values: readonly number[]): Limits {
  const sorted = Float64Array.from(values).sort();
  return { lower: quantile(sorted, OUTER), upper: quantile(sorted, 1 - OUTER) };
}

/** The first sign for the lower part, the second between, the third for the upper. */
function place(value: number, { lower, upper }: Limits, [low = "", middle = "", high = ""]: string): string {
  return lower === upper ? middle : value <= lower ? low : value >= upper ? high : middle;
}
