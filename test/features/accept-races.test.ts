import { GetTableCommand } from "@aws-sdk/client-glue";
import { acceptFeatures } from "@penstock/features";
import { afterEach, beforeEach, expect, test } from "vitest";
import { computed, type Day, manifestOf } from "./computed-run.ts";
import { type FeatureRun, featureRun } from "./feature-run.ts";

let run: FeatureRun;
beforeEach(async () => {
  run = await featureRun();
});
afterEach(() => run[Symbol.asyncDispose]());

const accept = ({ plan }: Day, split_try: string | null = null) =>
  acceptFeatures({ plan, split_try }, run.ports);

test("of two runs over the same base the slower takes over the clean days of the faster one", async () => {
  const [slow, fast] = [await computed(run, "2026-11-19"), await computed(run, "2026-11-20")];
  await accept(fast);

  const accepted = await accept(slow);

  const manifest = await manifestOf(run, slow.attempt);
  expect(accepted.generation).toBe(2);
  expect(Object.entries(manifest.snapshot.days).map(([day, { attempt }]) => [day, attempt])).toEqual([
    ["2026-11-19", slow.attempt],
    ["2026-11-20", fast.attempt],
  ]);
  expect(await run.partitions("clean_interactions")).toMatchObject({
    [`${slow.attempt}/2026-11-20`]: `s3://features/clean/${fast.attempt}/interactions/day=2026-11-20/`,
  });
});

test("of a day that two attempts cleaned the later look at its raw objects is right, whichever is accepted first", async () => {
  const early = await computed(run, "2026-11-20", { mode: "weekly", looked_at: "2026-11-21T05:00:00Z" });
  const late = await computed(run, "2026-11-20", { digits: "ffff0000", looked_at: "2026-11-21T07:00:00Z" });
  await accept(late);

  await accept(early);

  expect((await manifestOf(run, early.attempt)).snapshot.days["2026-11-20"]?.attempt).toBe(late.attempt);
});

test("an older attempt of the same run, redriven after a newer one, leaves that current", async () => {
  const older = await computed(run, "2026-11-20", { digits: "ffff0000", looked_at: "2026-11-21T05:00:00Z" });
  const newer = await computed(run, "2026-11-20", { digits: "00000000", looked_at: "2026-11-21T07:00:00Z" });
  const first = await accept(newer);

  const again = await accept(older);

  expect(again).toEqual({ accepted: false, manifest: first.manifest, generation: 1, training: null });
  expect(await run.ports.pointers.read("features")).toMatchObject({ build: newer.attempt, generation: 1 });
  for (const table of ["user_features", "interaction_features"])
    expect(Object.keys(await run.partitions(table))).toEqual([`1/2026-11-20/${newer.attempt}`]);
});

test("of the same day a run that was planned earlier than the latest features leaves them the latest", async () => {
  const daily = await computed(run, "2026-11-20", { looked_at: "2026-11-21T07:00:00Z" });
  const weekly = await computed(run, "2026-11-20", { mode: "weekly", looked_at: "2026-11-21T05:00:00Z" });
  await accept(daily);

  await accept(weekly);

  const { latest, recent } = await manifestOf(run, weekly.attempt);
  expect(latest.attempt).toBe(daily.attempt);
  expect(recent.weekly?.attempt).toBe(weekly.attempt);
});

test("a switch that loses against another is made again over what the other one left", async () => {
  const [ours, theirs] = [await computed(run, "2026-11-20"), await computed(run, "2026-11-19")];
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
  expect(Object.keys((await manifestOf(run, ours.attempt)).snapshot.days)).toEqual([
    "2026-11-19",
    "2026-11-20",
  ]);
});

test("one that loses each time gives way, and leaves what is current as it is", async () => {
  const ours = await computed(run, "2026-11-20");
  const pointers = { ...run.ports.pointers, replace: async () => false };

  const refused = acceptFeatures({ plan: ours.plan, split_try: null }, { ...run.ports, pointers });

  await expect(refused).rejects.toMatchObject({ name: "ObjectBusy" });
  expect(await run.ports.pointers.read("features")).toBeUndefined();
});

test("what is accepted once more after another run switches nothing, and is told as it was accepted", async () => {
  const [first, second] = [await computed(run, "2026-11-19"), await computed(run, "2026-11-20")];
  const once = await accept(first);
  await accept(second);

  const again = await accept(first);

  expect(again).toEqual(once);
  expect(await run.ports.pointers.read("features")).toMatchObject({ build: second.attempt, generation: 2 });
  expect(Object.keys(await run.partitions("clean_users"))).toEqual([first.attempt, second.attempt]);
  expect(Object.keys(await run.partitions("clean_interactions"))).toContain(`${first.attempt}/2026-11-19`);
});

test("a manifest that nothing points to is no acceptance: who lost the switch after writing one stops nobody", async () => {
  const older = await computed(run, "2026-11-20", { looked_at: "2026-11-21T05:00:00Z" });
  const newer = await computed(run, "2026-11-20", { digits: "00000000", looked_at: "2026-11-21T07:00:00Z" });
  const pointers = { ...run.ports.pointers, replace: async () => false };
  const lost = acceptFeatures({ plan: newer.plan, split_try: null }, { ...run.ports, pointers });
  await expect(lost).rejects.toMatchObject({ name: "ObjectBusy" });
  expect(await manifestOf(run, newer.attempt)).toMatchObject({ generation: 1 });

  const accepted = await accept(older);

  expect(accepted).toMatchObject({ accepted: true, generation: 1 });
  expect(await run.ports.pointers.read("features")).toMatchObject({ build: older.attempt });
});

test("a later attempt that was accepted is known by the pointer's lineage, whoever was accepted after it", async () => {
  const older = await computed(run, "2026-11-19", { digits: "ffff0000", looked_at: "2026-11-20T05:00:00Z" });
  const newer = await computed(run, "2026-11-19", { digits: "00000000", looked_at: "2026-11-20T07:00:00Z" });
  const first = await accept(newer);
  const after = await computed(run, "2026-11-20");
  await accept(after);

  const again = await accept(older);

  expect(again).toEqual({ accepted: false, manifest: first.manifest, generation: 1, training: null });
  expect(await run.ports.pointers.read("features")).toMatchObject({ build: after.attempt, generation: 2 });
});

test("a try that loses leaves what another run's manifest says as it is", async () => {
  const [ours, theirs] = [await computed(run, "2026-11-20"), await computed(run, "2026-11-19")];
  const first = await accept(ours);
  const before = await run.store.getJson(first.manifest);
  await accept(theirs);

  await accept(ours);

  expect(await run.store.getJson(first.manifest)).toEqual(before);
  expect((await manifestOf(run, theirs.attempt)).before).toEqual({
    attempt: ours.attempt,
    manifest: first.manifest,
    generation: 1,
  });
});

test("features that another run's days were accepted under are the latest, and say which days they have not seen", async () => {
  const [slow, fast] = [await computed(run, "2026-11-20"), await computed(run, "2026-11-19")];
  await accept(fast);

  await accept(slow);
  const { latest, latest_behind, interactions } = await manifestOf(run, slow.attempt);
  const next = await computed(run, "2026-11-21");
  await accept(next);

  expect(latest.attempt).toBe(slow.attempt);
  expect(latest_behind).toEqual(["2026-11-19"]);
  expect(interactions.days).toMatchObject({
    "2026-11-19": { attempt: fast.attempt, behind: false },
    "2026-11-20": { attempt: slow.attempt, behind: true },
  });
  expect(await manifestOf(run, next.attempt)).toMatchObject({
    latest_behind: [],
    interactions: { days: { "2026-11-20": { behind: true }, "2026-11-21": { behind: false } } },
  });
});

test("drift that was measured against a baseline that is none any more makes no baseline", async () => {
  await accept(await computed(run, "2026-11-18"));
  const [slow, fast] = [await computed(run, "2026-11-20"), await computed(run, "2026-11-19")];
  await accept(fast);

  const { accepted } = await accept(slow);

  const { latest, baselines, recent } = await manifestOf(run, slow.attempt);
  expect(accepted).toBe(false);
  expect(baselines.daily?.attempt).toBe(fast.attempt);
  expect([latest.attempt, recent.daily?.attempt]).toEqual([slow.attempt, slow.attempt]);
});

test("a run of earlier days leaves the catalogues of later ones in what is current", async () => {
  const later = await computed(run, "2026-11-20");
  await accept(later);
  const earlier = await computed(run, "2026-11-10");

  await accept(earlier);

  const { snapshot } = await manifestOf(run, earlier.attempt);
  expect(snapshot.products).toMatchObject({ attempt: later.attempt, date: "2026-11-20" });
  expect(await run.partitions("clean_products")).toMatchObject({
    [earlier.attempt]: `s3://features/clean/${later.attempt}/products/`,
  });
});

test("the tables tell of what is current at last, also where somebody switches it while they are told", async () => {
  const [ours, theirs] = [await computed(run, "2026-11-19"), await computed(run, "2026-11-20")];
  let told = 0;
  const catalogue = {
    ...run.ports.catalogue,
    async annotate(...said: Parameters<typeof run.ports.catalogue.annotate>) {
      told += 1;
      if (told === 1) await accept(theirs);
      await run.ports.catalogue.annotate(...said);
    },
  };

  await acceptFeatures({ plan: ours.plan, split_try: null }, { ...run.ports, catalogue });

  const { Table } = await run.clients.glue.send(
    new GetTableCommand({ DatabaseName: "features", Name: "interaction_features" }),
  );
  expect(Table?.Parameters).toMatchObject({
    "penstock.attempt": theirs.attempt,
    "penstock.days": `2026-11-19..2026-11-19=${ours.attempt} 2026-11-20..2026-11-20=${theirs.attempt}`,
  });
});
