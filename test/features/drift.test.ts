import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DriftSettings, type FeaturesSettings } from "@penstock/features";
import { type DuckSession, openSession } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { distanceByChance, stabilityByChance, stabilityIndex } from "../../packages/features/src/drift.ts";
import { type MeasuredFeature, profileFeature } from "../../packages/features/src/profile-feature.ts";

const limits: FeaturesSettings["drift"] = v.parse(DriftSettings, { psi: 0.25, ks: 0.2, categories: 3 });

let session: DuckSession;
const folder = mkdtempSync(path.join(tmpdir(), "penstock-drift-"));
beforeAll(async () => {
  session = await openSession({ memoryMb: 200, threads: 1, tempDirectory: folder });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

type Value = number | string | boolean | null;

/** Profiles values of a type, against others where there are some. */
async function profiled(
  type: "double" | "bigint" | "string" | "boolean" | "decimal(12,2)",
  now: readonly Value[],
  before?: readonly Value[],
): Promise<MeasuredFeature> {
  for (const [view, values] of Object.entries({ now, before: before ?? [] })) {
    const sqlType = type === "string" ? "VARCHAR" : type;
    const rows = values.map((value) => `(${typeof value === "string" ? `'${value}'` : value})`).join(", ");
    await session.run(`CREATE OR REPLACE TABLE given_${view} (x ${sqlType})`);
    if (values.length > 0) await session.run(`INSERT INTO given_${view} VALUES ${rows}`);
  }
  const views = { now: "given_now", before: before === undefined ? null : "given_before" };
  return profileFeature("user", { name: "x", type }, views, limits, session);
}

/** A stream of numbers from 0 to 1 that is the same each time. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}
const draw = (count: number, seed: number, make: (u: number) => Value): Value[] => {
  const from = numbers(seed);
  return Array.from({ length: count }, () => make(from.next().value ?? 0));
};

/** Kolmogorov's distance as its definition says, value by value. */
function slowDistance(now: readonly number[], before: readonly number[]): number {
  const upTo = (values: readonly number[], x: number) =>
    values.filter((value) => value <= x).length / values.length;
  return Math.max(...[...now, ...before].map((x) => Math.abs(upTo(now, x) - upTo(before, x))));
}

/** The index over tenths of the baseline as its definition says. */
function slowIndex(now: readonly number[], before: readonly number[]): number {
  const sorted = before.toSorted((a, b) => a - b);
  const edges = [
    ...new Set(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => sorted[Math.ceil((tenth * before.length) / 10) - 1] ?? 0),
    ),
  ];
  const shares = (values: readonly number[]) =>
    [...edges, Infinity].map((edge, bin) => {
      const above = bin === 0 ? -Infinity : (edges[bin - 1] ?? 0);
      return Math.max(1e-4, values.filter((value) => value > above && value <= edge).length / values.length);
    });
  const q = shares(before);
  return shares(now).reduce((sum, p, bin) => sum + (p - (q[bin] ?? 0)) * Math.log(p / (q[bin] ?? 0)), 0);
}

test.each([
  ["as even", (u: number) => u],
  ["with many ties", (u: number) => Math.floor(u * 4)],
  ["skewed", (u: number) => u ** 5],
  ["shifted", (u: number) => u + 0.3],
])("index and distance of numbers %s are those of their definitions", async (_, make) => {
  const now = draw(331, 7, make).map(Number);
  const before = draw(517, 11, (u) => u).map(Number);

  const { drift } = await profiled("double", now, before);

  expect(drift?.ks).toBeCloseTo(slowDistance(now, before), 9);
  expect(drift?.psi).toBeCloseTo(slowIndex(now, before), 9);
});

test("the same values have neither index nor distance", async () => {
  const values = draw(200, 3, (u) => u);

  const { drift } = await profiled("double", values, values);

  expect(drift).toMatchObject({ psi: 0, ks: 0, drifted: false });
});

test("mean, deviation, bounds and deciles are exact, and nulls are counted apart", async () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);

  const profile = await profiled("bigint", [...values, null, null, null, null, null]);

  expect(profile).toMatchObject({
    kind: "number",
    nulls: 5,
    distinct: 100,
    mean: 50.5,
    least: 1,
    greatest: 100,
    deciles: [10, 20, 30, 40, 50, 60, 70, 80, 90],
    drift: null,
  });
  expect(profile.share_null).toBeCloseTo(5 / 105, 12);
  expect(profile.deviation).toBeCloseTo(Math.sqrt((100 ** 2 - 1) / 12), 8);
  expect(profile.bins).toHaveLength(11);
  expect(profile.bins.at(-1)).toMatchObject({ of: "null", rows: 5 });
});

test("rows of all bins are the rows of the feature", async () => {
  for (const [type, make] of [
    ["double", (u: number) => (u < 0.2 ? null : Math.floor(u * 6))],
    ["string", (u: number) => (u < 0.2 ? null : `c${Math.floor(u * 9)}`)],
  ] as const) {
    const { bins } = await profiled(type, draw(300, 5, make), draw(200, 9, make));

    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(300);
    expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  }
});

test("a category has bins of its commonest values at the baseline, the rest and nulls, and no distance", async () => {
  const before = ["a", "a", "a", "a", "b", "b", "b", "c", "c", "d", null];
  const now = ["a", "d", "d", "e", null, null];

  const { bins, drift, distinct } = await profiled("string", now, before);

  expect(bins.map((bin) => [bin.of === "value" ? bin.value : bin.of, bin.rows])).toEqual([
    ["a", 1],
    ["b", 0],
    ["c", 0],
    ["rest", 3],
    ["null", 2],
  ]);
  expect(distinct).toBe(3);
  expect(drift).toMatchObject({ ks: null, ks_chance: null });
});

test("true and false are categories", async () => {
  const { kind, bins } = await profiled("boolean", [true, true, false, null]);

  expect(kind).toBe("category");
  expect(bins.map((bin) => [bin.of === "value" ? bin.value : bin.of, bin.rows])).toEqual([
    ["true", 2],
    ["false", 1],
    ["rest", 0],
    ["null", 1],
  ]);
});

test.each<[string, readonly Value[], readonly Value[] | undefined]>([
  ["no rows, no baseline", [], undefined],
  ["no rows now", [], [1, 2]],
  ["no rows before", [1, 2], []],
  ["nothing but nulls now", [null, null], [1, 2]],
  ["nothing but nulls before", [1, 2], [null]],
  ["nothing but nulls on both sides", [null], [null, null]],
  ["one value everywhere", [4, 4, 4], [4]],
  ["one row each", [1], [2]],
])("with %s every number of the profile is one", async (_, now, before) => {
  const profile = await profiled("double", now, before);

  const numbersOf = (value: unknown): number[] => {
    if (typeof value === "number") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersOf) : [];
  };
  expect(numbersOf(profile).filter((number) => !Number.isFinite(number))).toEqual([]);
  expect(profile.drift === null).toBe(now.length === 0 || before === undefined || before.length === 0);
});

test("a feature whose values vanish has drifted though it has no distance", async () => {
  const before = draw(500, 3, (u) => u);

  const { drift } = await profiled(
    "double",
    before.map(() => null),
    before,
  );

  expect(drift).toMatchObject({ ks: null, drifted: true });
});

test("values that are no finite numbers are refused with the feature's name and without a value", async () => {
  await session.run("CREATE OR REPLACE TABLE given_now AS SELECT CAST('NaN' AS DOUBLE) AS x");
  const views = { now: "given_now", before: null };

  const refused = profileFeature("user", { name: "x", type: "double" }, views, limits, session);

  await expect(refused).rejects.toMatchObject({
    name: "ContractViolation",
    message: "user.x has values that are no finite numbers",
  });
  await session.run("DROP TABLE IF EXISTS counted_values");
});

test("small samples of one population are no drift, though their index is beyond the limit; large ones are told apart", async () => {
  const small = await profiled(
    "double",
    draw(25, 3, (u) => u),
    draw(25, 17, (u) => u),
  );
  const large = await profiled(
    "double",
    draw(3_000, 3, (u) => u ** 2),
    draw(3_000, 17, (u) => u),
  );

  expect(small.drift?.psi).toBeGreaterThan(limits.psi);
  expect(small.drift?.drifted).toBe(false);
  expect(large.drift?.drifted).toBe(true);
});

test("chance alone exceeds its bounds about once in a thousand times", () => {
  const from = numbers(42);
  const tenths = (count: number) => {
    const bins = Array.from({ length: 10 }, () => 0);
    for (let drawn = 0; drawn < count; drawn++) {
      const bin = Math.floor((from.next().value ?? 0) * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    return bins;
  };
  let beyond = 0;
  for (let trial = 0; trial < 4_000; trial++) {
    const before = tenths(400);
    const bins = tenths(300).map((now, bin) => ({ now, before: before[bin] ?? 0 }));
    if (stabilityIndex(bins) > stabilityByChance(bins)) beyond += 1;
  }

  expect(beyond).toBeGreaterThanOrEqual(1);
  expect(beyond).toBeLessThanOrEqual(16);
  expect(distanceByChance(100, 100)).toBeCloseTo(1.9495 * Math.sqrt(2 / 100), 9);
  expect(distanceByChance(1, 1)).toBe(1);
});
