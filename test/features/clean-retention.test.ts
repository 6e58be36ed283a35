import { utimes } from "node:fs/promises";
import path from "node:path";
import { checkArrivals, estimateBackfill } from "@penstock/features";
import type { S3Uri } from "@penstock/runtime";
import { afterEach, expect, test } from "vitest";
import { accept, currentOf } from "./accepted-days.ts";
import { DAY, event, type RawRun, rawRun, STARTED } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const at = (day: string) => ({ timestamp: `${day}T10:00:00Z` });
const arn = (name: string) => `arn:aws:states:eu-central-1:000000000000:execution:feature-pipeline:${name}`;
const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
const [first, second] = ["2026-11-19", DAY];

/** Two days that a daily run each has cleaned, written when they were. */
async function twoDays(): Promise<void> {
  run = await rawRun({ settings: { rawDays: 730, featureDays: 365, maxDays: 1100 } });
  await run.catalogue("products", "2026-11-01", [{ product_id: "p1" }]);
  await run.catalogue("users", "2026-11-01", [{ user_id: "u1" }]);
  for (const day of [first, second]) await run.put(day, [event(day, at(day))]);
  const { plan, clean } = await run.run();
  await accept(run, plan, clean);
  for await (const { uri } of run.store.list("s3://features/clean/"))
    await utimes(
      path.join(run.folder, "store", uri.slice("s3://".length)),
      new Date(STARTED),
      new Date(STARTED),
    );
}

/** The daily run so many days after the two were cleaned; its own day has a line, and it is not behind. */
async function daily(days: number) {
  const day = dayAfter(DAY, days);
  const { recent, snapshot } = (await currentOf(run)) ?? expect.unreachable();
  const manifest: S3Uri = "s3://features/_manifests/meanwhile/9.json";
  await run.store.putJson(manifest, { snapshot, recent: { ...recent, daily: { to: dayAfter(day, -1) } } });
  if (run.current === undefined) return expect.unreachable();
  run.current = { ...run.current, manifest };
  await run.put(day, [event(day, at(day))], { arrived: new Date(`${day}T12:00:00Z`) });
  const moment = `${dayAfter(day, 1)}T05:00:00Z`;
  return { scheduled_at: moment, started_at: moment, execution_id: arn(day) };
}

const alertsOf = async (planned: Awaited<ReturnType<RawRun["plan"]>>) =>
  (await checkArrivals(planned, run.ports)).alerts.join("\n");

test("clean rows that nobody renews are told a month before they expire, with what renews them", async () => {
  await twoDays();

  const early = await alertsOf(await run.plan(await daily(300)));
  const near = await alertsOf(await run.plan(await daily(340)));

  expect(early).not.toContain("expire");
  expect(near).toContain(`The clean rows of 2 days (${first} to ${second}) expire from 2027-11-21 on`);
  expect(near).toContain(`npx penstock backfill --from ${first} --to ${second}`);
});

test("a run whose features would leave out expired days that could be cleaned again fails by name, before anything is done", async () => {
  await twoDays();
  const input = await daily(370);

  await expect(run.plan(input)).rejects.toMatchObject({
    name: "CleanRowsExpired",
    message: expect.stringMatching(`2 days from ${first} to ${second}.*weekly run, or npx penstock backfill`),
  });
  await expect(run.plan({ ...input, validate_only: true })).resolves.toMatchObject({ mode: "daily" });
});

test("what is gone fails a run whenever it goes, and a range of the days themselves mends it", async () => {
  await twoDays();
  for await (const { uri } of run.store.list("s3://features/clean/")) await run.store.remove(uri);
  const range = { mode: "range" as const, start_date: first, end_date: second };
  const input = await daily(340);

  await expect(run.plan(input)).rejects.toMatchObject({ name: "CleanRowsExpired" });
  const { plan, clean } = await run.run({
    ...range,
    started_at: input.started_at,
    execution_id: arn("mend"),
  });
  await accept(run, plan, clean);

  await expect(run.plan(input)).resolves.toMatchObject({ mode: "daily" });
});

test("a backfill takes days whose clean rows expire for stale, and a weekly run renews all", async () => {
  await twoDays();
  const { started_at } = await daily(340);
  const own = {
    sliceDays: 2,
    glueDpus: 10,
    prices: { stateTransition: 0.01, glueDpuHour: 0.5, athenaTerabyte: 5, dynamoWrite: 0.001 },
  };
  const estimate = (moment: string) =>
    estimateBackfill({ from: first, to: second }, { ...run.ports, now: () => new Date(moment) }, own);

  const [now] = (await estimate(STARTED)).slices;
  const [then] = (await estimate(started_at)).slices;
  const weekly = await run.plan({ mode: "weekly", started_at, scheduled_at: started_at });

  expect(now).toMatchObject({ stale: [], current: true });
  expect(then).toMatchObject({ stale: [first, second], current: false });
  expect(weekly.written).toMatchObject({ from: first, expiring: [], expired: [] });
});

test("clean rows that expire after their raw objects end the history, and nothing names them any more", async () => {
  await twoDays();
  for await (const { uri } of run.store.list("s3://interactions/interactions/")) await run.store.remove(uri);

  const planned = await run.plan(await daily(740));
  await run.land(planned);
  await accept(run, planned.written, await run.clean(await run.judge(planned)));

  expect(planned.written.expired.map(({ day }) => day)).toEqual([first, second]);
  expect(await alertsOf(planned)).toContain("have expired after their raw objects");
  const { snapshot } = (await currentOf(run)) ?? expect.unreachable();
  expect(Object.keys(snapshot.days).filter((day) => day <= DAY)).toEqual([]);
  expect(snapshot.days[dayAfter(DAY, 740)]?.rows).toBe(1);
});
