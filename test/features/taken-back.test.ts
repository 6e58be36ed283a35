import type { CleanSnapshot, FeaturePlan } from "@penstock/contracts";
import { FeaturesManifest, FeaturesProfile, profileKey } from "@penstock/contracts";
import { checkParity, PublishSlice, profileFeatures, publishOnline } from "@penstock/features";
import type { S3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { interaction, item, user } from "./feature-rows.ts";
import { attemptOf, type FeatureRun, featureRun } from "./feature-run.ts";

const tries = { user: "0-0", item: "0-0", interaction: "0-0" };
const [monday, tuesday, wednesday] = ["2026-11-16", "2026-11-17", "2026-11-18"] as const;

let run: FeatureRun;
beforeAll(async () => {
  run = await featureRun();
});
afterAll(() => run[Symbol.asyncDispose]());

/** Who did something with what on a day: `ann book`. */
type Done = Readonly<Record<string, readonly string[]>>;
type Days = CleanSnapshot["days"];

const wordsOf = (done: Done, at: 0 | 1) => [
  ...new Set(Object.values(done).flatMap((some) => some.map((each) => each.split(" ")[at] ?? ""))),
];

/** Writes the clean rows of days by an attempt, as its snapshot names them. */
async function cleaned(attempt: string, done: Done): Promise<Days> {
  const days: Days = {};
  for (const [day, some] of Object.entries(done)) {
    const rows = some.map((each, n) => {
      const [user_id = "", product_id = ""] = each.split(" ");
      return {
        interaction_id: `${attempt}-${day}-${n}`,
        user_id,
        product_id,
        occurred_at: `${day} 10:00:00`,
      };
    });
    if (rows.length > 0) await run.clean("interactions", attempt, rows, day);
    const planned_at = `${wednesday}T05:00:00Z`;
    days[day] = { attempt, rows: rows.length, digest: attempt, look_back: {}, planned_at };
  }
  return days;
}

/** Computes features of whoever did something on the run's days, profiles and publishes them. */
async function ran(
  attempt: string,
  own: Done,
  { before = {}, ...more }: Partial<FeaturePlan> & { readonly before?: Days },
) {
  const from = Object.keys(own).toSorted()[0] ?? wednesday;
  const days = { ...before, ...(await cleaned(attempt, own)) };
  const plan = await run.plan(attempt, { clean_from: from, from, ...more }, { days });
  const users = wordsOf(own, 0).map((id) => user(id));
  const items = wordsOf(own, 1).map((id) => item(id));
  if (users.length > 0) await run.features("user", attempt, users);
  if (items.length > 0) await run.features("item", attempt, items);
  const count = Object.values(own).flat().length;
  const rows = Array.from({ length: count }, (_, n) => interaction(n));
  if (count > 0) await run.features("interaction", attempt, rows);
  const { slices: place } = await profileFeatures({ plan, tries }, run.ports);
  const slices = v.parse(v.array(PublishSlice), await run.store.getJson(place));
  const publish = async () => {
    const published = await publishOnline({ plan, slices }, run.ports);
    await run.ports.leases.release("features/online", attempt);
    return published;
  };
  return { plan, attempt, days, slices, publish };
}

/** What an attempt makes current. */
async function accepted({ attempt, plan, days }: Awaited<ReturnType<typeof ran>>, mode = "daily") {
  const { features } = v.parse(
    FeaturesProfile,
    await run.store.getJson(`s3://features/${profileKey(attempt)}`),
  );
  const manifest: S3Uri = `s3://features/_manifests/${attempt}.json`;
  const catalogue = { attempt, rows: 0, date: null, planned_at: `${wednesday}T05:00:00Z` };
  const none = { daily: null, weekly: null, range: null };
  await run.store.putJson(
    manifest,
    v.parse(FeaturesManifest, {
      run_id: features.run_id,
      attempt,
      mode,
      accepted_at: `${wednesday}T06:00:00Z`,
      generation: 1,
      before: null,
      snapshot: { days, products: catalogue, users: catalogue },
      features,
      latest: features,
      latest_behind: [],
      interactions: { days: {}, attempts: {} },
      recent: { ...none, [mode]: features },
      baselines: none,
      lineage: {
        plan,
        report: null,
        profile: "s3://features/p.json",
        raw: [],
        catalogues: { products: { date: null, objects: [] }, users: { date: null, objects: [] } },
        sql: {},
        contracts: {},
      },
    }),
  );
  return { attempt, manifest, generation: 1 };
}

const there = async (group: "user" | "item", ids: readonly string[]) =>
  [...(await run.ports.online.heads(group, ids)).keys()].toSorted();

test("whoever a daily run takes the last clean row back from goes from the online store, and nobody else", async () => {
  const first = await ran(
    attemptOf(tuesday),
    { [monday]: ["old book", "bot lamp"], [tuesday]: ["bot lamp", "old lamp", "only pen", "new book"] },
    {},
  );
  await first.publish();
  // The bot's day and the pen are taken back; `old` has a row on Monday still.
  const { [monday]: kept = expect.unreachable() } = first.days;
  const base = await accepted(first);
  const next = await ran(
    attemptOf(wednesday),
    { [tuesday]: ["new book"], [wednesday]: ["new cup"] },
    { base, before: { [monday]: kept } },
  );

  const stale = await checkParity({ plan: next.plan }, run.ports).catch(() => undefined);
  const published = await next.publish();

  expect(stale?.differing).toContain("user.taken_back");
  expect(published).toMatchObject({ withdrawn: 2 });
  expect(await there("user", ["old", "bot", "only", "new"])).toEqual(["bot", "new", "old"]);
  expect(await there("item", ["book", "lamp", "pen", "cup"])).toEqual(["book", "cup", "lamp"]);
  expect(await checkParity({ plan: next.plan }, run.ports)).toMatchObject({ mismatches: 0 });
  expect(await next.publish()).toMatchObject({ withdrawn: 0 });
});

test("a run of no rows at all takes away what its days had, and a later plan's features stay", async () => {
  const before = await ran(
    attemptOf(tuesday, "daily", "0000aaaa"),
    { [tuesday]: ["lone shoe", "late shoe"] },
    {},
  );
  await before.publish();
  const later = (await run.ports.online.items("user", ["late"])).get("late") ?? expect.unreachable();
  await run.ports.online.put("user", [{ ...later, planned_at: "2027-01-01T00:00:00Z" }]);

  const next = await ran(
    attemptOf(wednesday, "daily", "0000bbbb"),
    { [tuesday]: [] },
    { base: await accepted(before), clean_from: tuesday },
  );

  expect(await next.publish()).toMatchObject({ rows: 0, withdrawn: 2 });
  expect(await there("user", ["lone", "late"])).toEqual(["late"]);
  expect(await there("item", ["shoe"])).toEqual([]);
});

test("a weekly run takes away whom the last one had and who has no row any more, whatever happened in between", async () => {
  const attempt = attemptOf(tuesday, "weekly", "0000cccc");
  const first = await ran(attempt, { [monday]: ["gone hat"], [tuesday]: ["here hat"] }, {});
  await first.publish();
  const { [tuesday]: kept = expect.unreachable() } = first.days;
  // A range of the first day, accepted since, has left it without rows; its own snapshot knows nothing of who was there.
  const empty = { [monday]: { ...kept, attempt: attemptOf(monday, "daily", "0000dddd"), rows: 0 } };
  const base = await accepted({ ...first, days: { ...first.days, ...empty } }, "weekly");
  const next = await ran(
    attemptOf(wednesday, "weekly", "0000eeee"),
    { [monday]: [], [tuesday]: ["here hat"] },
    { base, mode: "weekly" },
  );

  expect(await next.publish()).toMatchObject({ withdrawn: 1 });
  expect(await there("user", ["gone", "here"])).toEqual(["here"]);
});

test("a run that takes nothing back has no piece for it", async () => {
  const first = await ran(attemptOf(tuesday, "daily", "0000ffff"), { [tuesday]: ["sam cap"] }, {});
  const next = await ran(
    attemptOf(wednesday, "daily", "0000ffff"),
    { [tuesday]: ["sam cap"] },
    { base: await accepted(first) },
  );

  expect(next.slices.filter(({ gone }) => gone)).toEqual([]);
});
