import { GetTableCommand } from "@aws-sdk/client-glue";
import { TrainingManifest, trainingManifestKey } from "@penstock/contracts";
import { acceptFeatures } from "@penstock/features";
import * as v from "valibot";
import { afterEach, beforeEach, expect, test } from "vitest";
import { computed, type Day, manifestOf } from "./computed-run.ts";
import { interaction, many } from "./feature-rows.ts";
import { attemptOf, type FeatureRun, featureRun } from "./feature-run.ts";

let run: FeatureRun;
beforeEach(async () => {
  run = await featureRun();
});
afterEach(() => run[Symbol.asyncDispose]());

const accept = ({ plan }: Day, split_try: string | null = null) =>
  acceptFeatures({ plan, split_try }, run.ports);

test("the first run becomes current with all that it is made of, and the baseline of its mode", async () => {
  const day = await computed(run, "2026-11-20");

  const accepted = await accept(day);

  const manifest = await manifestOf(run, day.attempt);
  expect(accepted).toEqual({
    accepted: true,
    manifest: `s3://features/_manifests/${day.attempt}/1.json`,
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
    catalogues: { products: { date: "2026-11-20", objects: [] }, users: { date: null, objects: [] } },
    sql: { "user-features": expect.stringMatching(/^[0-9a-f]{16}$/) },
    contracts: { interactions: 1, user_features: 1, item_features: 1, interaction_features: 1 },
  });
});

test("features stand in the catalogue where their queries wrote, and the tables tell what they were made of", async () => {
  const day = await computed(run, "2026-11-20");

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
  const first = await computed(run, "2026-11-19");
  await accept(first);

  const second = await computed(run, "2026-11-20");

  expect(await run.partitions("clean_interactions")).toMatchObject({
    [`${second.attempt}/2026-11-19`]: `s3://features/clean/${first.attempt}/interactions/day=2026-11-19/`,
    [`${second.attempt}/2026-11-20`]: `s3://features/clean/${second.attempt}/interactions/day=2026-11-20/`,
  });
  expect(await run.partitions("clean_users")).toMatchObject({
    [second.attempt]: `s3://features/clean/${second.attempt}/users/`,
  });
});

test("accepting once more changes nothing", async () => {
  const day = await computed(run, "2026-11-20");
  const first = await accept(day);

  const again = await accept(day);

  expect(again).toEqual(first);
  expect((await run.ports.pointers.read("features"))?.generation).toBe(1);
});

test("a run of an earlier day leaves the latest features, and the tables that tell of them, where they are", async () => {
  const later = await computed(run, "2026-11-20");
  await accept(later);
  const earlier = await computed(run, "2026-11-10");

  await accept(earlier);

  const manifest = await manifestOf(run, earlier.attempt);
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

test("drifted features become current and no baseline; a weekly run makes the recent ones baselines", async () => {
  const first = await computed(run, "2026-11-18");
  await accept(first);
  const drifted = await computed(run, "2026-11-19", { shift: 20 });

  const { accepted } = await accept(drifted);
  const afterDrift = await manifestOf(run, drifted.attempt);
  const week = await computed(run, "2026-11-20", {
    mode: "weekly",
    days: ["2026-11-18", "2026-11-19", "2026-11-20"],
  });
  await accept(week);

  expect(accepted).toBe(false);
  expect(afterDrift.latest.attempt).toBe(drifted.attempt);
  expect(afterDrift.baselines.daily?.attempt).toBe(first.attempt);
  expect((await manifestOf(run, week.attempt)).baselines).toMatchObject({
    daily: { attempt: drifted.attempt },
    weekly: { attempt: week.attempt },
  });
});

test("the snapshots of the current run and of the one before stay in the catalogue, older ones go", async () => {
  const days = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
  const attempts: string[] = [];
  for (const to of days) {
    const day = await computed(run, to);
    await accept(day);
    attempts.push(day.attempt);
  }
  const waiting = await computed(run, "2026-11-21");
  await accept(await computed(run, "2026-11-22"));

  const left = async (table: string) =>
    new Set(Object.keys(await run.partitions(table)).map((values) => values.split("/")[0]));
  const kept = new Set([attempts[3], waiting.attempt, attemptOf("2026-11-22")]);
  expect(await left("clean_interactions")).toEqual(kept);
  expect(await left("clean_products")).toEqual(kept);
  expect(await left("clean_users")).toEqual(kept);
});

test("an export is in a folder of its attempt, whole when its manifest is there, and of what is current", async () => {
  const day = await computed(run, "2026-11-20", { output_path: "s3://features/exports/mine" });
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

test("an export that was asked for is made also where a later attempt of the same run is current", async () => {
  const asked = await computed(run, "2026-11-20", {
    digits: "ffff0000",
    looked_at: "2026-11-21T05:00:00Z",
    output_path: "s3://features/exports/mine",
  });
  const later = await computed(run, "2026-11-20", { looked_at: "2026-11-21T07:00:00Z" });
  await accept(later);

  await accept(asked);

  const manifest = await run.store.getJson(`s3://features/exports/mine/${asked.attempt}/manifest.json`);
  expect(manifest).toMatchObject({ attempt: asked.attempt, run_id: "daily-2026-11-20" });
  expect(await run.ports.pointers.read("features")).toMatchObject({ build: later.attempt });
});

test("another attempt of the same run takes the place of the first in the tables of features", async () => {
  await accept(await computed(run, "2026-11-19"));
  await accept(await computed(run, "2026-11-20"));

  await accept(await computed(run, "2026-11-20", { digits: "ffff0000" }));

  expect(Object.keys(await run.partitions("user_features"))).toEqual([
    "1/2026-11-19/daily-2026-11-19-0123abcd",
    "1/2026-11-20/daily-2026-11-20-ffff0000",
  ]);
});

test("a run for training names the files of its split, and a pointer of their own", async () => {
  const week = await computed(run, "2026-11-20", { mode: "weekly" });
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
  expect(manifest.later_catalogue).toEqual({ from: "2026-11-20", days: 3, rows: 7 });
  expect(manifest.columns.slice(0, 2)).toEqual([
    { name: "occurred_at", type: "timestamp" },
    { name: "interaction_id", type: "string" },
  ]);
  expect(await run.ports.pointers.read("features-training")).toMatchObject({
    build: week.attempt,
    generation: 1,
  });
});

test("days after the run's last one are in its interactions, and neither in its export nor in its split", async () => {
  const days = ["2026-11-20", "2026-11-21"];
  const week = await computed(run, "2026-11-20", {
    mode: "weekly",
    days,
    output_path: "s3://features/exports/mine",
  });
  for (const [split, rows] of Object.entries({ train: 28, validation: 4, test: 8 }))
    await run.split(split, week.attempt, many(rows, interaction));

  const { training } = await accept(week, "0-1");

  const { features } = await manifestOf(run, week.attempt);
  const place = `s3://features/exports/mine/${week.attempt}/` as const;
  expect(training).not.toBeNull();
  expect(features.interaction.rows).toBe(80);
  expect(await run.store.getJson(`${place}manifest.json`)).toMatchObject({ interaction: { rows: 40 } });
  expect(await run.count(`${place}interaction/part-0.parquet`)).toBe(40);
});

test("a split that does not hold every interaction stops the acceptance before the pointer", async () => {
  const week = await computed(run, "2026-11-20", { mode: "weekly" });

  await expect(accept(week, "0-0")).rejects.toMatchObject({ name: "ContractViolation" });
  expect(await run.ports.pointers.read("features")).toBeUndefined();
});
