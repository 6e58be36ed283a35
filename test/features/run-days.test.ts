import type { FeaturePlan } from "@penstock/contracts";
import { afterEach, expect, test } from "vitest";
import { accept, currentOf } from "./accepted-days.ts";
import { DAY, event, type RawRun, rawRun, rawSettings } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const at = (day: string, hour = 10) => ({ timestamp: `${day}T${String(hour).padStart(2, "0")}:00:00Z` });
const arn = (name: string) => `arn:aws:states:eu-central-1:000000000000:execution:feature-pipeline:${name}`;
const morningAfter = (day: string) => {
  const moment = new Date(Date.parse(day) + 86_400_000).toISOString();
  return { scheduled_at: moment, started_at: moment, execution_id: arn(day) };
};
const range = (from: string, to: string) => ({
  mode: "range" as const,
  start_date: from,
  end_date: to,
  execution_id: arn(`range-${from}`),
});
const settings = { validation: { ...rawSettings.validation, duplicates: 1 } };
const days = ["2026-11-14", "2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", DAY];

async function catalogues(): Promise<void> {
  await run.catalogue("products", "2026-11-01", [{ product_id: "p1" }]);
  await run.catalogue("users", "2026-11-01", [{ user_id: "u1" }]);
}

/** Runs up to cleaning, and makes it current. */
async function cleaned(input: Parameters<RawRun["plan"]>[0]): Promise<FeaturePlan> {
  const { plan, clean } = await run.run(input);
  await accept(run, plan, clean);
  return plan;
}

/** Ids of the current clean rows of each day, in order. */
async function cleanIds(): Promise<Record<string, unknown[]>> {
  const { snapshot } = (await currentOf(run)) ?? expect.unreachable();
  const entries = Object.entries(snapshot.days).map(async ([day, { attempt }]) => {
    const rows = await run.rows(`s3://features/clean/${attempt}/interactions/day=${day}/`);
    return [day, rows.map(({ interaction_id }) => interaction_id)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const span = ({ clean_from, clean_to, days: read }: FeaturePlan) => [read[0]?.day, clean_from, clean_to];

test("a range that takes in a late event cleans the days behind it again, and none further: as everything at once would", async () => {
  run = await rawRun({ settings });
  await catalogues();
  for (const day of days) await run.put(day, [event(`once-${day}`, at(day))]);
  // Delivered again two and four days later: the first repeats what comes late, the second the first.
  for (const day of ["2026-11-17", "2026-11-19"])
    await run.put(day, [event("again", at(day))], { name: "b.jsonl" });
  await cleaned({ mode: "weekly" });
  await run.put("2026-11-15", [event("again", at("2026-11-15"))], { name: "late.jsonl" });

  const plan = await cleaned(range("2026-11-15", "2026-11-15"));
  const ranged = await cleanIds();
  await cleaned({ mode: "weekly", execution_id: arn("all") });

  expect(span(plan)).toEqual(["2026-11-12", "2026-11-15", "2026-11-18"]);
  expect(ranged["2026-11-17"]).toEqual(["once-2026-11-17"]);
  expect(ranged).toEqual(await cleanIds());
});

test("a range of days that were never landed cleans the current days behind it again, as a backfill needs it", async () => {
  run = await rawRun({ settings });
  await catalogues();
  for (const day of days.slice(3)) await run.put(day, [event("again", at(day)), event(day, at(day))]);
  await cleaned({ mode: "weekly" });
  for (const day of days.slice(0, 3)) await run.put(day, [event("again", at(day)), event(day, at(day))]);

  const plan = await cleaned(range("2026-11-14", "2026-11-16"));
  const ranged = await cleanIds();
  await cleaned({ mode: "weekly", execution_id: arn("all") });

  expect(span(plan)).toEqual(["2026-11-11", "2026-11-14", "2026-11-19"]);
  expect(ranged).toEqual(await cleanIds());
});

test("a range in which nothing has changed leaves the days behind it alone", async () => {
  run = await rawRun({ settings });
  for (const day of days) await run.put(day, [event(day, at(day))]);
  const whole = await run.plan({ mode: "weekly" });
  await run.land(whole);
  await accept(run, whole.written);

  const again = await run.plan(range("2026-11-15", "2026-11-16"));

  expect(span(again.written)).toEqual(["2026-11-12", "2026-11-15", "2026-11-16"]);
  expect(again.slices).toEqual([]);
});

test("what changed outside a run is read as it is current, so that no interaction is in no day", async () => {
  run = await rawRun({ settings });
  await catalogues();
  for (const day of days) await run.put(day, [event(day, at(day))]);
  await run.put("2026-11-17", [event("again", at("2026-11-17"))], { name: "b.jsonl" });
  await cleaned({ mode: "weekly" });
  // Days on either side of the range have other objects by now, and are not asked for.
  await run.put("2026-11-15", [event("again", at("2026-11-15"))], { name: "late.jsonl" });
  await run.put("2026-11-18", [event("later", at("2026-11-18"))], { name: "late.jsonl" });
  await run.put("2026-11-16", [event("own", at("2026-11-16"))], { name: "late.jsonl" });

  const plan = await cleaned(range("2026-11-16", "2026-11-17"));
  const ranged = await cleanIds();
  await cleaned({ mode: "weekly", execution_id: arn("all") });
  const whole = await cleanIds();

  expect(plan.clean_to).toBe("2026-11-19");
  expect(ranged["2026-11-17"]).toEqual(["again", "2026-11-17"].toSorted());
  expect(ranged["2026-11-18"]).toEqual(["2026-11-18"]);
  expect(whole["2026-11-15"]).toContain("again");
  expect(whole["2026-11-17"]).toEqual(["2026-11-17"]);
  expect(whole["2026-11-18"]).toContain("later");
});

test("however many daily runs failed, the next one takes every day since the last that was accepted", async () => {
  run = await rawRun({ settings });
  for (const day of days) await run.put(day, [event(day, at(day))]);
  const first = await run.plan(morningAfter("2026-11-14"));
  await run.land(first);
  await accept(run, first.written);

  const plans = [];
  for (const day of days.slice(1)) plans.push((await run.plan(morningAfter(day))).written);
  const last = plans.at(-1) ?? expect.unreachable();
  await run.land(await run.plan(morningAfter(DAY)));
  await accept(run, last);
  const { snapshot } = (await currentOf(run)) ?? expect.unreachable();

  expect(plans.map(({ clean_from }) => clean_from)).toEqual(Array(6).fill("2026-11-15"));
  expect(Object.keys(snapshot.days)).toEqual(days);
});

test("days that a range has taken meanwhile do not hide those before them that no run has", async () => {
  run = await rawRun({ settings });
  for (const day of days) await run.put(day, [event(day, at(day))]);
  const first = await run.plan(morningAfter("2026-11-14"));
  await accept(run, first.written);
  await accept(run, (await run.plan(range("2026-11-16", "2026-11-16"))).written);

  const { written } = await run.plan(morningAfter(DAY));

  expect(written.clean_from).toBe("2026-11-15");
});

test("more missing days than one run takes are told with what to do", async () => {
  run = await rawRun({ settings: { ...settings, maxDays: 8 } });
  for (const day of days) await run.put(day, [event(day, at(day))]);
  const first = await run.plan(morningAfter("2026-11-14"));
  await accept(run, first.written);

  const tooMany = run.plan(morningAfter(DAY));

  await expect(tooMany).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringContaining("Run everything at once, or ranges"),
  });
});

test("a day that was cleaned with another state of the days before it than is current is cleaned again", async () => {
  run = await rawRun({ settings });
  for (const day of days) await run.put(day, [event(day, at(day))]);
  const planned = await run.plan(morningAfter("2026-11-19"));
  // Both were planned over the same base, and neither knew of the other.
  await run.put("2026-11-16", [event("late", at("2026-11-16"))], { name: "late.jsonl" });
  const ranged = await run.plan(range("2026-11-16", "2026-11-16"));
  await accept(run, planned.written);
  await accept(run, ranged.written);

  const { written } = await run.plan(morningAfter(DAY));

  expect(written.clean_from).toBe("2026-11-17");
});
