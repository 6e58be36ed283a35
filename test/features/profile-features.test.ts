import { CleanSnapshot, FeaturesManifest, FeaturesProfile, profileKey } from "@penstock/contracts";
import { profileFeatures } from "@penstock/features";
import type { S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonRow } from "../lake/lake-fixture.ts";
import { interaction, item, many, user } from "./feature-rows.ts";
import { attemptOf, type FeatureRun, featureRun } from "./feature-run.ts";

const tries = { user: "0-0", item: "0-0", interaction: "0-0" };

let run: FeatureRun;
let days = 0;
beforeAll(async () => {
  run = await featureRun();
});
afterAll(() => run[Symbol.asyncDispose]());

interface Given {
  readonly user?: readonly JsonRow[];
  readonly item?: readonly JsonRow[];
  readonly interaction?: readonly JsonRow[];
}

/** The features of a day of its own, computed and not yet profiled. */
async function computed(given: Given, more: Parameters<FeatureRun["plan"]>[1] = {}, cleanRows?: number) {
  const day = `2026-10-${String(++days).padStart(2, "0")}`;
  const attempt = attemptOf(day);
  const groups = {
    user: given.user ?? many(20, (number) => user(`u-${number}`)),
    item: given.item ?? many(10, (number) => item(`p-${number}`)),
    interaction: given.interaction ?? many(40, (number) => interaction(number)),
  };
  for (const group of ["user", "item", "interaction"] as const)
    if (groups[group].length > 0) await run.features(group, attempt, groups[group]);
  const rows = cleanRows ?? groups.interaction.length;
  const planned_at = "2026-11-01T00:00:00Z";
  const plan = await run.plan(attempt, more, {
    days: { [day]: { attempt, rows, digest: "d", look_back: {}, planned_at } },
  });
  return { plan, attempt, day };
}

const written = async (attempt: string) =>
  v.parse(FeaturesProfile, await run.store.getJson(`s3://features/${profileKey(attempt)}`));

/** Makes a profiled day the daily baseline of runs planned over what this returns. */
async function baselineOf(first: { readonly attempt: string; readonly plan: S3Uri }) {
  const { features } = await written(first.attempt);
  const manifest: S3Uri = `s3://features/_manifests/baseline-${first.attempt}.json`;
  const catalogue = { attempt: first.attempt, rows: 0, date: null, planned_at: "2026-11-01T00:00:00Z" };
  const none = { daily: null, weekly: null, range: null };
  await run.store.putJson(
    manifest,
    v.parse(FeaturesManifest, {
      run_id: features.run_id,
      attempt: first.attempt,
      mode: "daily",
      accepted_at: "2026-11-01T00:00:00Z",
      generation: 1,
      before: null,
      snapshot: v.parse(CleanSnapshot, { days: {}, products: catalogue, users: catalogue }),
      features,
      latest: features,
      latest_behind: [],
      interactions: { days: {}, attempts: {} },
      recent: { ...none, daily: features },
      baselines: { ...none, daily: features },
      lineage: {
        plan: first.plan,
        report: null,
        profile: "s3://features/p.json",
        raw: [],
        catalogues: { products: { date: null, objects: [] }, users: { date: null, objects: [] } },
        sql: {},
        contracts: {},
      },
    }),
  );
  return { attempt: first.attempt, manifest, generation: 1 };
}

test("more rows than one function profiles, those of the baseline among them, end as too large before any is read", async () => {
  const first = await computed({});
  await profileFeatures({ plan: first.plan, tries }, run.ports);
  const alone = await computed({});
  const compared = await computed({}, { base: await baselineOf(first) });
  const settings = { ...run.ports.settings, oneFunction: { judgedRows: 1, profiledRows: 40 } };
  const profiled = ({ plan }: { readonly plan: S3Uri }) =>
    profileFeatures({ plan, tries }, { ...run.ports, settings });

  await expect(profiled(compared)).rejects.toMatchObject({
    name: "TooLarge",
    message: expect.stringContaining("and their baseline are 80 rows, and one function takes at most 40"),
  });
  expect(await profiled(alone)).toMatchObject({ rows: { interaction: 40 } });
});

test("the profile tells the rows and objects of each group, and the slices that are to be published", async () => {
  const { plan, attempt } = await computed({ user: many(250, (number) => user(`u-${number}`)) });

  const profiled = await profileFeatures({ plan, tries }, run.ports);

  expect(profiled).toMatchObject({
    null_everywhere: [],
    absent: [],
    drifted: [],
    greatest_psi: null,
    rows: { user: 250, item: 10, interaction: 40 },
  });
  const { features, baseline, groups } = await written(attempt);
  expect(baseline).toBeNull();
  expect(features.user).toMatchObject({ version: 1, rows: 250 });
  expect(groups.user.features.recency_days).toMatchObject({
    state: "present",
    mean: 3,
    nulls: 0,
    drift: null,
  });
  const uri = features.user.objects[0]?.uri;
  expect(await run.store.getJson(profiled.slices)).toEqual([
    { group: "user", uri, start: 0, end: 100 },
    { group: "user", uri, start: 100, end: 200 },
    { group: "user", uri, start: 200, end: 250 },
    { group: "item", uri: features.item.objects[0]?.uri, start: 0, end: 10 },
  ]);
});

test("what a failed try of a query left is no feature", async () => {
  const { plan, attempt } = await computed({});
  await run.features(
    "user",
    attempt,
    many(5, (number) => user(`again-${number}`)),
    "0-1",
  );

  const { rows } = await profileFeatures({ plan, tries: { ...tries, user: "0-1" } }, run.ports);

  expect(rows.user).toBe(5);
  const { features } = await written(attempt);
  expect(features.user.objects.map(({ uri }) => /try=(.+?)\//.exec(uri)?.[1])).toEqual(["0-1"]);
});

test("fewer interactions with features than clean ones stop the run", async () => {
  const { plan } = await computed({}, {}, 41);

  await expect(profileFeatures({ plan, tries }, run.ports)).rejects.toMatchObject({
    name: "ContractViolation",
    message: expect.stringContaining("40 interactions have features"),
  });
});

test("no rows at all are a profile too: nothing is null for everybody where nobody is", async () => {
  const { plan } = await computed({ user: [], item: [], interaction: [] });

  const profiled = await profileFeatures({ plan, tries }, run.ports);

  expect(profiled).toMatchObject({
    null_everywhere: [],
    absent: [],
    rows: { user: 0, item: 0, interaction: 0 },
  });
  expect(await run.store.getJson(profiled.slices)).toEqual([]);
});

test("a feature that is null for everybody is absent where the sources hold nothing for it, and a defect where they do", async () => {
  const bought = {
    interaction_id: "c-1",
    user_id: "u-1",
    product_id: "p-1",
    interaction_type: "purchase",
    occurred_at: "2026-10-01 10:00:00",
  };
  const without = { user: many(20, (number) => user(`u-${number}`, { avg_price_point: null })) };
  const unpriced = await computed(without);
  await run.clean("interactions", unpriced.attempt, [{ ...bought, price: null }], unpriced.day);
  const ofOthers = await computed(without);
  await run.clean(
    "interactions",
    ofOthers.attempt,
    [{ ...bought, user_id: "somebody-else", price: 5 }],
    ofOthers.day,
  );
  const priced = await computed(without);
  await run.clean("interactions", priced.attempt, [{ ...bought, price: 5 }], priced.day);

  const [first, second, third] = [
    await profileFeatures({ plan: unpriced.plan, tries }, run.ports),
    await profileFeatures({ plan: ofOthers.plan, tries }, run.ports),
    await profileFeatures({ plan: priced.plan, tries }, run.ports),
  ];

  expect(first).toMatchObject({ absent: ["user.avg_price_point"], null_everywhere: [] });
  expect(second).toMatchObject({ absent: ["user.avg_price_point"], null_everywhere: [] });
  expect(third).toMatchObject({ absent: [], null_everywhere: ["user.avg_price_point"] });
  expect((await written(priced.attempt)).groups.user.features.avg_price_point?.state).toBe("null_everywhere");
});

test("a feature that the baseline had and now nobody has is lost, unless there are too few to tell", async () => {
  const priced = await computed({});
  await profileFeatures({ plan: priced.plan, tries }, run.ports);
  const unpriced = (count: number) => ({
    user: many(count, (number) => user(`u-${number}`, { avg_price_point: null })),
  });
  const never = await computed(unpriced(20));
  await profileFeatures({ plan: never.plan, tries }, run.ports);
  const base = await baselineOf(priced);
  const lost = await computed(unpriced(20), { base });
  const few = await computed(unpriced(3), { base });
  const still = await computed(unpriced(20), { base: await baselineOf(never) });

  const [first, second, third] = [
    await profileFeatures({ plan: lost.plan, tries }, run.ports),
    await profileFeatures({ plan: few.plan, tries }, run.ports),
    await profileFeatures({ plan: still.plan, tries }, run.ports),
  ];

  expect(first).toMatchObject({ absent: [], null_everywhere: ["user.avg_price_point"] });
  expect(second).toMatchObject({ absent: ["user.avg_price_point"], null_everywhere: [] });
  expect(third).toMatchObject({ absent: ["user.avg_price_point"], null_everywhere: [] });
});

test("of an interaction's features only what was earlier counts as what they are made of", async () => {
  const without = { interaction: many(40, (number) => interaction(number, { price_match: null })) };
  const bought = {
    interaction_id: "c-1",
    user_id: "u-1",
    product_id: "p-1",
    interaction_type: "purchase",
    price: 5,
  };
  const later = await computed(without);
  await run.clean(
    "interactions",
    later.attempt,
    [{ ...bought, occurred_at: "2026-11-20 23:59:00" }],
    later.day,
  );
  const earlier = await computed(without);
  await run.clean(
    "interactions",
    earlier.attempt,
    [{ ...bought, occurred_at: "2026-11-19 23:59:00" }],
    earlier.day,
  );

  const first = await profileFeatures({ plan: later.plan, tries }, run.ports);
  const second = await profileFeatures({ plan: earlier.plan, tries }, run.ports);

  expect(first).toMatchObject({ absent: ["interaction.price_match"], null_everywhere: [] });
  expect(second).toMatchObject({ absent: [], null_everywhere: ["interaction.price_match"] });
});

test("a feature that can never be null is a defect when it is, whatever the sources hold", async () => {
  const { plan } = await computed({ user: many(3, (number) => user(`u-${number}`, { recency_days: null })) });

  expect(await profileFeatures({ plan, tries }, run.ports)).toMatchObject({
    null_everywhere: ["user.recency_days"],
  });
});

test("drift is measured against the accepted features of the same mode, and told by group and name", async () => {
  const of = (shift: number) => ({
    user: many(300, (number) => user(`u-${number}`, { recency_days: (number % 30) + shift })),
  });
  const first = await computed(of(0));
  await profileFeatures({ plan: first.plan, tries }, run.ports);
  const base = await baselineOf(first);
  const same = await computed(of(0), { base });
  const shifted = await computed(of(15), { base });
  const otherMode = await computed(of(15), { base, mode: "range" });

  const [unmoved, moved, uncompared] = [
    await profileFeatures({ plan: same.plan, tries }, run.ports),
    await profileFeatures({ plan: shifted.plan, tries }, run.ports),
    await profileFeatures({ plan: otherMode.plan, tries }, run.ports),
  ];

  expect(unmoved).toMatchObject({ drifted: [], greatest_psi: 0 });
  expect(moved.drifted).toEqual(["user.recency_days"]);
  expect(uncompared).toMatchObject({ drifted: [], greatest_psi: null });
  const profile = await written(shifted.attempt);
  expect(profile.baseline).toBe(first.attempt);
  expect(profile.groups.user.features.recency_days?.drift).toMatchObject({ ks: 0.5, drifted: true });
});

test("weekdays are compared where both runs have a whole week: a day has but one", async () => {
  const on = (day_of_week: number) => ({
    interaction: many(300, (number) => interaction(number, { day_of_week })),
  });
  const week = { from: "2026-09-01" };
  const day = await computed(on(1));
  await profileFeatures({ plan: day.plan, tries }, run.ports);
  const nextDay = await computed(on(2), { base: await baselineOf(day) });
  const whole = await computed(on(1), week);
  await profileFeatures({ plan: whole.plan, tries }, run.ports);
  const nextWeek = await computed(on(2), { ...week, base: await baselineOf(whole) });

  const ofDay = await profileFeatures({ plan: nextDay.plan, tries }, run.ports);
  const ofWeek = await profileFeatures({ plan: nextWeek.plan, tries }, run.ports);

  expect([ofDay.drifted, ofWeek.drifted]).toEqual([[], ["interaction.day_of_week"]]);
  const { interaction: features } = (await written(nextDay.attempt)).groups;
  expect(features.features.day_of_week?.drift).toBeNull();
  expect(features.features.time_of_day?.drift).toMatchObject({ psi: 0 });
});

test("the same features give the same profile, byte for byte", async () => {
  const { plan, attempt } = await computed({});
  await profileFeatures({ plan, tries }, run.ports);
  const first = await run.store.head(`s3://features/${profileKey(attempt)}`);

  await profileFeatures({ plan, tries }, run.ports);

  expect((await run.store.head(`s3://features/${profileKey(attempt)}`))?.etag).toBe(first?.etag);
});
