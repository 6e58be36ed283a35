import { GetTableCommand } from "@aws-sdk/client-glue";
import {
  FeaturesManifest,
  featurePointers,
  featuresManifestKey,
  TrainingManifest,
  trainingManifestKey,
} from "@penstock/contracts";
import { acceptFeatures, catalogueCandidate, profileFeatures } from "@penstock/features";
import type { S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { afterEach, beforeEach, expect, test } from "vitest";
import { interaction, item, many, user } from "./feature-rows.ts";
import { attemptOf, dayAfter, type FeatureRun, featureRun } from "./feature-run.ts";

const tries = { user: "0-0", item: "0-0", interaction: "0-0" };

let run: FeatureRun;
beforeEach(async () => {
  run = await featureRun();
});
afterEach(() => run[Symbol.asyncDispose]());

const manifestOf = async (attempt: string) =>
  v.parse(FeaturesManifest, await run.store.getJson(`s3://features/${featuresManifestKey(attempt)}`));

interface Day {
  readonly attempt: string;
  readonly plan: S3Uri;
}

/** A run up to its profile: planned over what is current now, cleaned, computed. */
async function computed(
  to: string,
  {
    mode = "daily",
    digits = "0123abcd",
    days = [to],
    shift = 0,
    started_at = `${dayAfter(to)}T05:00:00Z`,
    output_path = null as S3Uri | null,
  } = {},
): Promise<Day> {
  const attempt = attemptOf(to, mode, digits);
  const current = await run.ports.pointers.read(featurePointers.latest);
  const base =
    current === undefined
      ? null
      : { attempt: current.build, manifest: current.manifest as S3Uri, generation: current.generation };
  const from = days[0] ?? to;
  const plan = await run.plan(attempt, {
    base,
    from,
    clean_from: from,
    started_at,
    output_path,
    days: days.map((day) => ({ day, digest: "0123456789abcdef", changed: true, parts: [] })),
    catalogue: { products: [{ source: "curated", date: from, holds_from: from, uris: [] }], users: [] },
  });
  const result: S3Uri = `s3://features/plans/${attempt}/result.json`;
  await run.store.putJson(result, {
    landed: [{ rows: 41 * days.length }],
    interactions: days.map((day) => ({
      uri: `s3://features/clean/${attempt}/interactions/day=${day}/part-0.parquet`,
      partition: `day=${day}`,
      rows: 40,
      bytes: 1000,
    })),
    catalogues: [{ products: 10, users: 20 }],
    removed: [{ reason: "duplicate", rows: days.length }],
  });
  await catalogueCandidate({ plan, result }, run.ports);
  await run.features(
    "user",
    attempt,
    many(300, (number) => user(`u-${number}`, { recency_days: (number % 30) + shift })),
  );
  await run.features(
    "item",
    attempt,
    many(10, (number) => item(`p-${number}`)),
  );
  await run.features(
    "interaction",
    attempt,
    many(40 * days.length, (number) => interaction(number)),
  );
  await profileFeatures({ plan, tries }, run.ports);
  return { attempt, plan };
}

const accept = ({ plan }: Day, split_try: string | null = null) =>
  acceptFeatures({ plan, split_try }, run.ports);

test("the first run becomes current with all that it is made of, and the baseline of its mode", async () => {
  const day = await computed("2026-11-20");

  const accepted = await accept(day);

  const manifest = await manifestOf(day.attempt);
  expect(accepted).toEqual({
    accepted: true,
    manifest: `s3://features/_manifests/${day.attempt}.json`,
    generation: 1,
    training: null,
  });
  expect(await run.ports.pointers.read("features")).toEqual({
    system: "features",
    build: day.attempt,
    as_of: "2026-11-21T00:00:00Z",
    manifest: accepted.manifest,
    generation: 1,
  });
  expect(manifest.latest.attempt).toBe(day.attempt);
  expect(manifest.baselines).toMatchObject({ daily: { attempt: day.attempt }, weekly: null, range: null });
  expect(manifest.lineage).toMatchObject({
    plan: day.plan,
    catalogues: { products: "2026-11-20", users: null },
    sql: { "user-features": expect.stringMatching(/^[0-9a-f]{16}$/) },
    contracts: { interactions: 1, user_features: 1, item_features: 1, interaction_features: 1 },
  });
});

test("features stand in the catalogue where their queries wrote, and the tables tell what they were made of", async () => {
  const day = await computed("2026-11-20");

  await accept(day);

  expect(await run.partitions("user_features")).toEqual({
    [`1/2026-11-20/${day.attempt}`]: `s3://features/features/v1/user/date=2026-11-20/attempt=${day.attempt}/try=0-0/`,
  });
  const { Table } = await run.clients.glue.send(
    new GetTableCommand({ DatabaseName: "features", Name: "item_features" }),
  );
  expect(Table?.Parameters).toMatchObject({
    "penstock.run": "daily-2026-11-20",
    "penstock.attempt": day.attempt,
    "penstock.as_of": "2026-11-21T00:00:00Z",
    "penstock.plan": day.plan,
    "penstock.sql": expect.stringMatching(/^[0-9a-f]{16}$/),
    "penstock.contracts": expect.stringContaining("item_features=1"),
    "penstock.features.version": "1",
  });
});

test("a day's snapshot holds its own clean rows and those of all days before it", async () => {
  const first = await computed("2026-11-19");
  await accept(first);

  const second = await computed("2026-11-20");

  expect(await run.partitions("clean_interactions")).toMatchObject({
    [`${second.attempt}/2026-11-19`]: `s3://features/clean/${first.attempt}/interactions/day=2026-11-19/`,
    [`${second.attempt}/2026-11-20`]: `s3://features/clean/${second.attempt}/interactions/day=2026-11-20/`,
  });
  expect(await run.partitions("clean_users")).toMatchObject({
    [second.attempt]: `s3://features/clean/${second.attempt}/users/`,
  });
});

test("accepting once more changes nothing", async () => {
  const day = await computed("2026-11-20");
  const first = await accept(day);

  const again = await accept(day);

  expect(again).toEqual(first);
  expect((await run.ports.pointers.read("features"))?.generation).toBe(1);
});

test("of two runs over the same base the slower takes over the clean days of the faster one", async () => {
  const [slow, fast] = [await computed("2026-11-19"), await computed("2026-11-20")];
  await accept(fast);

  const accepted = await accept(slow);

  const manifest = await manifestOf(slow.attempt);
  expect(accepted.generation).toBe(2);
  expect(Object.entries(manifest.snapshot.days).map(([day, { attempt }]) => [day, attempt])).toEqual([
    ["2026-11-19", slow.attempt],
    ["2026-11-20", fast.attempt],
  ]);
  expect(await run.partitions("clean_interactions")).toMatchObject({
    [`${slow.attempt}/2026-11-20`]: `s3://features/clean/${fast.attempt}/interactions/day=2026-11-20/`,
  });
});

test("a run of an earlier day leaves the latest features, and the tables that tell of them, where they are", async () => {
  const later = await computed("2026-11-20");
  await accept(later);
  const earlier = await computed("2026-11-10");

  await accept(earlier);

  const manifest = await manifestOf(earlier.attempt);
  expect(manifest.latest.attempt).toBe(later.attempt);
  expect(manifest.recent.daily?.attempt).toBe(later.attempt);
  expect(manifest.baselines.daily?.attempt).toBe(later.attempt);
  expect(await run.ports.pointers.read("features")).toMatchObject({
    build: earlier.attempt,
    as_of: "2026-11-21T00:00:00Z",
  });
  const { Table } = await run.clients.glue.send(
    new GetTableCommand({ DatabaseName: "features", Name: "user_features" }),
  );
  expect(Table?.Parameters).toMatchObject({ "penstock.attempt": later.attempt });
});

test("of a day that two attempts cleaned the later look at its raw objects is right, whichever is accepted first", async () => {
  const early = await computed("2026-11-20", { mode: "weekly", started_at: "2026-11-21T05:00:00Z" });
  const late = await computed("2026-11-20", { digits: "ffff0000", started_at: "2026-11-21T07:00:00Z" });
  await accept(late);

  await accept(early);

  expect((await manifestOf(early.attempt)).snapshot.days["2026-11-20"]?.attempt).toBe(late.attempt);
});

test("an older attempt of the same run, redriven after a newer one, leaves that current", async () => {
  const older = await computed("2026-11-20", { digits: "ffff0000", started_at: "2026-11-21T05:00:00Z" });
  const newer = await computed("2026-11-20", { digits: "00000000", started_at: "2026-11-21T07:00:00Z" });
  const first = await accept(newer);

  const again = await accept(older);

  expect(again).toEqual({ accepted: false, manifest: first.manifest, generation: 1, training: null });
  expect(await run.ports.pointers.read("features")).toMatchObject({ build: newer.attempt, generation: 1 });
  for (const table of ["user_features", "interaction_features"])
    expect(Object.keys(await run.partitions(table))).toEqual([`1/2026-11-20/${newer.attempt}`]);
});

test("of the same day a run that was planned earlier than the latest features leaves them the latest", async () => {
  const daily = await computed("2026-11-20", { started_at: "2026-11-21T07:00:00Z" });
  const weekly = await computed("2026-11-20", { mode: "weekly", started_at: "2026-11-21T05:00:00Z" });
  await accept(daily);

  await accept(weekly);

  const { latest, recent } = await manifestOf(weekly.attempt);
  expect(latest.attempt).toBe(daily.attempt);
  expect(recent.weekly?.attempt).toBe(weekly.attempt);
});

test("a switch that loses against another is made again over what the other one left", async () => {
  const [ours, theirs] = [await computed("2026-11-20"), await computed("2026-11-19")];
  let switches = 0;
  const pointers = {
    ...run.ports.pointers,
    async replace(next: Parameters<typeof run.ports.pointers.replace>[0]) {
      switches += 1;
      if (switches === 1) await accept(theirs);
      return run.ports.pointers.replace(next);
    },
  };

  const { generation } = await acceptFeatures(
    { plan: ours.plan, split_try: null },
    { ...run.ports, pointers },
  );

  expect({ switches, generation }).toEqual({ switches: 2, generation: 2 });
  expect(Object.keys((await manifestOf(ours.attempt)).snapshot.days)).toEqual(["2026-11-19", "2026-11-20"]);
});

test("one that loses each time gives way, and leaves what is current as it is", async () => {
  const ours = await computed("2026-11-20");
  const pointers = { ...run.ports.pointers, replace: async () => false };

  const refused = acceptFeatures({ plan: ours.plan, split_try: null }, { ...run.ports, pointers });

  await expect(refused).rejects.toMatchObject({ name: "ObjectBusy" });
  expect(await run.ports.pointers.read("features")).toBeUndefined();
});

test("drifted features become current and no baseline; a weekly run makes the recent ones baselines", async () => {
  const first = await computed("2026-11-18");
  await accept(first);
  const drifted = await computed("2026-11-19", { shift: 20 });

  const { accepted } = await accept(drifted);
  const afterDrift = await manifestOf(drifted.attempt);
  const week = await computed("2026-11-20", {
    mode: "weekly",
    days: ["2026-11-18", "2026-11-19", "2026-11-20"],
  });
  await accept(week);

  expect(accepted).toBe(false);
  expect(afterDrift.latest.attempt).toBe(drifted.attempt);
  expect(afterDrift.baselines.daily?.attempt).toBe(first.attempt);
  expect((await manifestOf(week.attempt)).baselines).toMatchObject({
    daily: { attempt: drifted.attempt },
    weekly: { attempt: week.attempt },
  });
});

test("the snapshots of the current run and of the one before stay in the catalogue, older ones go", async () => {
  const days = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
  const attempts: string[] = [];
  for (const to of days) {
    const day = await computed(to);
    await accept(day);
    attempts.push(day.attempt);
  }
  const waiting = await computed("2026-11-21");
  await accept(await computed("2026-11-22"));

  const left = async (table: string) =>
    new Set(Object.keys(await run.partitions(table)).map((values) => values.split("/")[0]));
  const kept = new Set([attempts[3], waiting.attempt, attemptOf("2026-11-22")]);
  expect(await left("clean_interactions")).toEqual(kept);
  expect(await left("clean_products")).toEqual(kept);
  expect(await left("clean_users")).toEqual(kept);
});

test("what is accepted once more after another keeps its snapshot in the catalogue", async () => {
  const [first, second] = [await computed("2026-11-19"), await computed("2026-11-20")];
  await accept(first);
  await accept(second);

  await accept(first);

  expect(await run.ports.pointers.read("features")).toMatchObject({ build: first.attempt });
  expect(Object.keys(await run.partitions("clean_users"))).toEqual([first.attempt, second.attempt]);
  expect(Object.keys(await run.partitions("clean_interactions"))).toContain(`${first.attempt}/2026-11-19`);
});

test("an export is in a folder of its attempt, whole when its manifest is there, and of what is current", async () => {
  const day = await computed("2026-11-20", { output_path: "s3://features/exports/mine" });
  const place = `s3://features/exports/mine/${day.attempt}/` as const;
  const refused = acceptFeatures(
    { plan: day.plan, split_try: null },
    { ...run.ports, pointers: { ...run.ports.pointers, replace: async () => false } },
  );
  await expect(refused).rejects.toMatchObject({ name: "ObjectBusy" });
  const early = await run.store.head(`${place}user/part-0.parquet`);

  await accept(day);

  expect(early).toBeUndefined();
  expect(await run.store.getJson(`${place}manifest.json`)).toEqual({
    attempt: day.attempt,
    run_id: "daily-2026-11-20",
    as_of: "2026-11-21T00:00:00Z",
    user: { version: 1, rows: 300, objects: [`${place}user/part-0.parquet`] },
    item: { version: 1, rows: 10, objects: [`${place}item/part-0.parquet`] },
    interaction: { version: 1, rows: 40, objects: [`${place}interaction/part-0.parquet`] },
  });
  expect(await run.store.head(`${place}interaction/part-0.parquet`)).toBeDefined();
});

test("another attempt of the same run takes the place of the first in the tables of features", async () => {
  await accept(await computed("2026-11-19"));
  await accept(await computed("2026-11-20"));

  await accept(await computed("2026-11-20", { digits: "ffff0000" }));

  expect(Object.keys(await run.partitions("user_features"))).toEqual([
    "1/2026-11-19/daily-2026-11-19-0123abcd",
    "1/2026-11-20/daily-2026-11-20-ffff0000",
  ]);
});

test("a run for training names the files of its split, and a pointer of their own", async () => {
  const week = await computed("2026-11-20", { mode: "weekly" });
  for (const [split, rows] of Object.entries({ train: 28, validation: 4, test: 8 }))
    await run.split(split, week.attempt, many(rows, interaction));

  const { training } = await accept(week, "0-1");

  expect(training).toBe(`s3://features/${trainingManifestKey(week.attempt)}`);
  const manifest = v.parse(TrainingManifest, await run.store.getJson(training ?? expect.unreachable()));
  expect(Object.entries(manifest.splits).map(([split, { rows }]) => [split, rows])).toEqual([
    ["train", 28],
    ["validation", 4],
    ["test", 8],
  ]);
  expect(manifest.columns.slice(0, 2)).toEqual([
    { name: "occurred_at", type: "timestamp" },
    { name: "interaction_id", type: "string" },
  ]);
  expect(await run.ports.pointers.read("features-training")).toMatchObject({
    build: week.attempt,
    generation: 1,
  });
});

test("a split that does not hold every interaction stops the acceptance before the pointer", async () => {
  const week = await computed("2026-11-20", { mode: "weekly" });

  await expect(accept(week, "0-0")).rejects.toMatchObject({ name: "ContractViolation" });
  expect(await run.ports.pointers.read("features")).toBeUndefined();
});
