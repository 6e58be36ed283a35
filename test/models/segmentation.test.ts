import path from "node:path";
import {
  adjustedRand,
  type CustomerSummary,
  cluster,
  SegmentationResult,
  segmentCustomers,
} from "@penstock/models";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { Random } from "ml-random";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { independentKmeans } from "../../bench/models-independent-kmeans.ts";
import { onlineRetailCustomers, segmentationChecks } from "../../bench/models-segmentation.ts";
import { segmentNames } from "../../packages/models/src/segmentation/segment-names.ts";
import { silhouetteOf } from "../../packages/models/src/segmentation/silhouette.ts";
import { expectToHold, isAbsent, referenceData, skipped } from "./reference-checks.ts";

const period = { from: "2024-01-01", to: "2024-12-31" };

/** Customers of Olist's orders that were not cancelled, to the last day with an order. */
async function olistCustomers(): Promise<CustomerSummary[]> {
  const read = async (table: string, columns: string[]) => {
    const file = await asyncBufferFromFile(path.join(referenceData, "olist", `${table}.parquet`));
    return parquetReadObjects({ file, columns });
  };
  const people = await read("customers", ["customer_id", "customer_unique_id"]);
  const personOf = new Map(people.map((row) => [String(row.customer_id), String(row.customer_unique_id)]));
  const spendOf = new Map<string, number>();
  for (const row of await read("order_items", ["order_id", "price", "freight_value"])) {
    const id = String(row.order_id);
    spendOf.set(id, (spendOf.get(id) ?? 0) + Number(row.price) + Number(row.freight_value));
  }
  const found = new Map<string, { last: number; orders: number; spend: number }>();
  let end = 0;
  const columns = ["order_id", "customer_id", "order_status", "order_purchase_timestamp"];
  for (const row of await read("orders", columns)) {
    const spend = spendOf.get(String(row.order_id));
    const isCancelled = row.order_status === "canceled" || row.order_status === "unavailable";
    if (spend === undefined || isCancelled || !(row.order_purchase_timestamp instanceof Date)) continue;
    const person = personOf.get(String(row.customer_id)) ?? "";
    const own = found.get(person) ?? { last: 0, orders: 0, spend: 0 };
    own.last = Math.max(own.last, row.order_purchase_timestamp.getTime());
    own.orders++;
    own.spend += spend;
    found.set(person, own);
    end = Math.max(end, own.last);
  }
  return [...found].map(([customer_id, { last, orders, spend }]) => {
    return { customer_id, recency_days: Math.floor((end - last) / 86_400_000), orders, spend };
  });
}

/** Three kinds of customers with a little noise. */
const threeKinds: CustomerSummary[] = [
  { recency_days: 5, orders: 40, spend: 4_000 },
  { recency_days: 300, orders: 1, spend: 30 },
  { recency_days: 6, orders: 1, spend: 40 },
].flatMap((kind, k) =>
  Array.from({ length: 60 }, (_, i) => ({
    customer_id: `${k}-${i}`,
    recency_days: kind.recency_days + (i % 3),
    orders: kind.orders + (kind.orders > 1 ? i % 5 : 0),
    spend: kind.spend * (1 + (i % 10) / 50),
  })),
);

describe.skipIf(isAbsent)(`Online Retail${skipped}`, () => {
  test("has the groups that a second k-means finds from the same start, and as many under a bootstrap", async () => {
    const checks = await segmentationChecks(referenceData);
    expectToHold(checks);
  });

  test("has the same segments and names under every seed", async () => {
    const customers = await onlineRetailCustomers(referenceData);
    const results = [1, 2].map((seed) => segmentCustomers(customers, { ...period, seed }));
    const [one, other] = results.map((result) => {
      if (result.status !== "ok") throw new Error(result.reason);
      return result;
    });
    const names = one?.segments.map(({ name }) => name) ?? [];
    console.log(`segments of Online Retail: ${names.join(", ")}`);
    expect(other?.segments.map(({ name }) => name)).toEqual(names);
    const number = (result: typeof one) =>
      result?.customers.map(({ segment }) => names.indexOf(segment)) ?? [];
    expect(adjustedRand(number(one), number(other))).toBeGreaterThan(0.95);
    expect(one?.metrics.stability).toBeGreaterThan(0.8);
  });
});

describe.skipIf(isAbsent)(`Olist${skipped}`, () => {
  test("has the same segments and names under every seed, though one in a hundred bought twice", async () => {
    const customers = await olistCustomers();
    const results = [42, 43].map((seed) => {
      const result = segmentCustomers(customers, { ...period, seed });
      if (result.status !== "ok") throw new Error(result.reason);
      return result;
    });
    const [one, other] = results.map(({ segments }) => segments.map(({ name }) => name));
    console.log(`segments of Olist: ${one?.join(", ")}`);
    expect(other).toEqual(one);
    const [labels = [], others = []] = results.map((result) =>
      result.customers.map(({ segment }) => one?.indexOf(segment) ?? -1),
    );
    expect(adjustedRand(labels, others)).toBeGreaterThan(0.95);
    expect(results.every(({ stable }) => stable)).toBe(true);
  });
});

describe("segments", () => {
  test("are the kinds of customers that there are, under names that say what they are", () => {
    const result = segmentCustomers(threeKinds, { ...period, seed: 1 });
    if (result.status !== "ok") throw new Error(result.reason);
    expect(v.is(SegmentationResult, result)).toBe(true);
    expect(result.k).toBe(3);
    expect(result.segments.map(({ name, customers }) => [name, customers])).toEqual([
      ["champions", 60],
      ["occasional", 60],
      ["lost", 60],
    ]);
    expect(result.metrics.stability).toBe(1);
    expect(result.stable).toBe(true);
    const names = new Set(result.customers.slice(0, 60).map(({ segment }) => segment));
    expect([...names]).toEqual(["champions"]);
  });

  test("keep their names when the customers come in another order", () => {
    const once = segmentCustomers(threeKinds, { ...period, seed: 1 });
    const turned = segmentCustomers(threeKinds.toReversed(), { ...period, seed: 9 });
    if (once.status !== "ok" || turned.status !== "ok") throw new Error("both have segments");
    const byId = new Map(turned.customers.map(({ customer_id, segment }) => [customer_id, segment]));
    expect(once.customers.map(({ customer_id }) => byId.get(customer_id))).toEqual(
      once.customers.map(({ segment }) => segment),
    );
  });

  test("are not made of few customers, or of customers who are all alike", () => {
    const [one] = threeKinds;
    if (one === undefined) throw new Error("there are customers");
    const alike = Array.from({ length: 30 }, () => one);
    expect(segmentCustomers([one], { ...period, seed: 1 })).toMatchObject({
      status: "not enough data",
      reason: "1 customers with spend; segments need at least 20",
    });
    expect(segmentCustomers(alike, { ...period, seed: 1 })).toMatchObject({
      status: "not enough data",
      reason: "all 30 customers are alike in recency, orders and spend",
    });
  });

  test("say when other samples of the customers would be cut elsewhere", () => {
    // A ring in the plane of recency and spend: it can be cut anywhere.
    const ring = Array.from({ length: 60 }, (_, i) => ({
      customer_id: `c${i}`,
      recency_days: Math.expm1(3 + Math.cos((i * Math.PI) / 30)),
      orders: 1,
      spend: Math.exp(3 + Math.sin((i * Math.PI) / 30)),
    }));
    const result = segmentCustomers(ring, { ...period, seed: 1 });
    expect(result).toMatchObject({ status: "ok", stable: false });
  });

  test("are named by their customers' place among all, not by a hair on either side of the mean", () => {
    const once = Array.from({ length: 99 }, (_, i) => ({
      customer_id: `c${i}`,
      recency_days: 10 * i,
      orders: 1,
      spend: 100 + i,
    }));
    const near = [-1, 1].map((hair) => ({ recency_days: 490 + hair, orders: 1, spend: 149 - hair }));
    const bests = [{ recency_days: 20, orders: 3, spend: 190 }];
    expect(segmentNames([...near, ...bests], once)).toEqual(["occasional 1", "occasional 2", "champions"]);
  });

  test("leave out who has no spend, and say how many", () => {
    const returned = { customer_id: "r", recency_days: 1, orders: 1, spend: 0 };
    const result = segmentCustomers([...threeKinds, returned], { ...period, seed: 1 });
    expect(result).toMatchObject({ status: "ok", left_out: 1 });
  });
});

describe("the mathematics of clusters", () => {
  test("a silhouette by hand: two pairs, 1 apart within and 10 between", () => {
    const found = silhouetteOf([[0], [1], [10], [11]]).mean([0, 0, 1, 1]);
    const outer = 1 - 1 / 10.5;
    const inner = 1 - 1 / 9.5;
    expect(found).toBeCloseTo((2 * outer + 2 * inner) / 4, 12);
    expect(silhouetteOf([[0], [1]]).mean([0, 0])).toBeUndefined();
  });

  test("the adjusted Rand index ignores names, and is as published for a known table", () => {
    expect(adjustedRand([0, 0, 1, 1], [1, 1, 0, 0])).toBe(1);
    // The example of scikit-learn's documentation.
    expect(adjustedRand([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(0.5714285714, 9);
  });

  test("two implementations agree from the same start on points without clear groups", () => {
    const random = new Random(4);
    const points = Array.from({ length: 400 }, () => [random.random(), random.random()]);
    const ours = cluster(points, 5, new Random(1));
    if (ours === undefined) throw new Error("400 points have 5 groups");
    expect(adjustedRand(ours.labels, independentKmeans(points, ours.initial))).toBeGreaterThan(0.99);
  });
});
