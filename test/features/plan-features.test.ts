import { landedPrefix } from "@penstock/contracts";
import { checkArrivals } from "@penstock/features";
import { afterEach, expect, test } from "vitest";
import { accept } from "./accepted-days.ts";
import { DAY, event, type RawRun, rawRun, STARTED } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const at = (day: string) => ({ timestamp: `${day}T10:00:00Z` });
const arn = (name: string) => `arn:aws:states:eu-central-1:000000000000:execution:feature-pipeline:${name}`;

test("the window is of the schedule's own time, and the same days are the same run in every attempt", async () => {
  run = await rawRun();
  await run.put(DAY, [event("a")]);
  await run.put("2026-10-02", [event("b", at("2026-10-02"))]);

  const late = await run.plan({ scheduled_at: STARTED, started_at: "2026-11-23T09:00:00Z" });
  const again = await run.plan({ execution_id: arn("two") });
  const weekly = await run.plan({ mode: "weekly" });
  const range = await run.plan({
    mode: "range",
    start_date: "2026-11-01",
    end_date: "2026-11-03",
    validate_only: true,
  });

  expect(late).toMatchObject({ run_id: `daily-${DAY}`, from: DAY, to: DAY, as_of: "2026-11-21T00:00:00Z" });
  expect(again.run_id).toBe(late.run_id);
  expect(again.attempt).not.toBe(late.attempt);
  expect(weekly).toMatchObject({ run_id: `weekly-${DAY}`, from: "2026-10-02", to: DAY });
  expect(weekly.written.days).toHaveLength(50);
  expect(range).toMatchObject({ run_id: "range-2026-11-01-2026-11-03", validate_only: true });
  expect(range.written).toMatchObject({ clean_from: "2026-11-01" });
  expect(range.written.days[0]?.day).toBe("2026-10-29");
});

test.each([
  ["a range without its days", { mode: "range" as const }],
  ["a range that ends before it begins", { mode: "range" as const, start_date: DAY, end_date: "2026-11-01" }],
  ["a range that has not happened", { mode: "range" as const, start_date: DAY, end_date: "2026-12-01" }],
  ["more days than one run takes", { mode: "range" as const, start_date: "2020-01-01", end_date: DAY }],
  ["days with another mode", { start_date: DAY }],
  ["a place outside the exports", { output_path: "s3://features/clean/mine/" as const }],
])("%s is refused", async (_, input) => {
  run = await rawRun();

  await expect(run.plan(input)).rejects.toMatchObject({ name: "InvalidInput" });
});

test("what came late within the look-back is planned again with the days after it, and nothing else is", async () => {
  run = await rawRun();
  const days = ["2026-11-17", "2026-11-18", "2026-11-19", DAY];
  for (const day of days) await run.put(day, [event(day, at(day))]);
  const first = await run.plan();
  await run.land(first);
  await accept(run, first.written);

  const same = await run.plan({ execution_id: arn("two") });
  await run.put("2026-11-18", [event("late", at("2026-11-18"))], { name: "late.jsonl" });
  const later = await run.plan({ execution_id: arn("three") });

  expect(first.written).toMatchObject({ clean_from: "2026-11-17", base: null });
  expect(first.slices).toEqual([0]);
  expect(same.slices).toEqual([]);
  expect(same.written).toMatchObject({ clean_from: DAY, base: { attempt: first.attempt, generation: 1 } });
  expect(later.slices).toEqual([0]);
  expect(later.written.clean_from).toBe("2026-11-18");
  expect(later.written.days.filter(({ changed }) => changed).map(({ day }) => day)).toEqual(["2026-11-18"]);
  const landing = later.written.days.flatMap(({ parts }) => parts.filter(({ slice }) => slice !== null));
  expect(landing.map(({ objects }) => objects.length)).toEqual([2]);
});

test("the days before the look-back tell of repeated deliveries, and are not cleaned again themselves", async () => {
  run = await rawRun();
  for (const day of ["2026-11-13", "2026-11-14", "2026-11-16", DAY])
    await run.put(day, [event(day, at(day))]);
  await run.put("2026-11-18", [event("late", at("2026-11-18"))]);

  const { written } = await run.plan();

  expect(written.days[0]?.day).toBe("2026-11-15");
  expect(written.clean_from).toBe("2026-11-18");
});

test("raw objects are in parts that a slice can hold; an object is never divided, and gzip counts for more", async () => {
  run = await rawRun({ settings: { landMaxBytes: 1000 } });
  for (const name of ["a", "b", "c"])
    await run.put(DAY, [event(name), event(`${name}2`)], { name: `${name}.jsonl` });
  await run.put(
    DAY,
    Array.from({ length: 9 }, (_, n) => event(`d${n}`)),
    { name: "d.jsonl" },
  );
  await run.put(DAY, [event("e")], { name: "e.jsonl.gz" });
  await run.put("2026-11-19", [event("f", at("2026-11-19"))]);

  const planned = await run.plan();
  const landed = await run.land(planned);

  const parts = planned.written.days.flatMap(({ day, parts: all }) =>
    all.map(({ slice, objects }) => [day, slice, objects.map(({ uri }) => uri.split("/").at(-1))]),
  );
  expect(parts).toEqual([
    ["2026-11-19", 0, ["a.jsonl"]],
    [DAY, 0, ["a.jsonl", "b.jsonl"]],
    [DAY, 1, ["c.jsonl"]],
    [DAY, 2, ["d.jsonl"]],
    [DAY, 3, ["e.jsonl.gz"]],
  ]);
  expect(landed.map(({ rows }) => rows)).toEqual([5, 2, 9, 1]);
  const [last] = planned.written.days.slice(-1);
  const keys = await run.objects("s3://features/landed/");
  expect(Object.keys(keys)).toContain(
    `${landedPrefix(DAY, last?.digest ?? "").slice("landed/".length)}part-3.json`,
  );
});

test("hidden objects are left out; what is no JSON lines, or in no day, is told", async () => {
  run = await rawRun();
  await run.put(DAY, [event("a")]);
  await run.put(DAY, [event("b")], { name: "_hidden.jsonl" });
  await run.put(DAY, [event("c")], { name: "c.csv" });
  await run.put("2026-13-45", [event("d")]);

  const { written, plan } = await run.plan({ mode: "weekly" });
  const { alerts } = await checkArrivals({ plan }, run.ports);

  expect(written.days.flatMap(({ parts }) => parts.flatMap(({ objects }) => objects))).toHaveLength(1);
  expect(written.ignored.map((uri) => uri.split("interactions/").at(-1))).toEqual([
    "year=2026/month=11/day=20/c.csv",
    "year=2026/month=13/day=45/a.jsonl",
  ]);
  expect(alerts.filter((alert) => alert.includes("is not read"))).toHaveLength(2);
});

test("events dated in the future, and before the first day that is looked at, are told", async () => {
  run = await rawRun({ settings: { maxDays: 10 } });
  for (const day of ["2026-01-01", "2026-01-02", DAY, "2026-11-21", "2027-03-01"])
    await run.put(day, [event(day, at(day))]);

  const planned = await run.plan({ mode: "weekly" });
  const { alerts } = await checkArrivals(planned, run.ports);
  await run.land(planned);
  const { written } = await run.judge(planned);

  expect(planned.written.outside).toEqual([
    { day: "2026-01-01", objects: 1 },
    { day: "2026-01-02", objects: 1 },
    { day: "2027-03-01", objects: 1 },
  ]);
  expect(alerts).toEqual([
    expect.stringContaining("1 raw objects of 2027-03-01 are in no run: their days are after"),
    `2 raw objects of 2026-01-01 to 2026-01-02 are in no run: the first day that is looked at is ${DAY}.`,
  ]);
  expect(written.notes).toContain("2027-03-01: 1 raw objects outside the run's days are in no count");
});

test("a day with much less than the one before, and hours without anything, are told once", async () => {
  run = await rawRun();
  const arrived = new Date("2026-11-20T19:30:00Z");
  await run.put(
    "2026-11-19",
    Array.from({ length: 10 }, (_, n) => event(`a${n}`, at("2026-11-19"))),
    { arrived },
  );
  await run.put(
    DAY,
    Array.from({ length: 7 }, (_, n) => event(`b${n}`)),
    { arrived },
  );

  const first = await run.plan();
  const { alerts } = await checkArrivals(first, run.ports);
  await accept(run, first.written);
  const again = await checkArrivals(await run.plan({ scheduled_at: "2026-11-21T01:00:00Z" }), run.ports);

  expect(alerts).toEqual([
    expect.stringMatching(/^Nothing has arrived for 6 hours/),
    expect.stringMatching(/^2026-11-20 has 30 % fewer bytes/),
  ]);
  expect(again.alerts).toEqual([]);
});

test("what Firehose has put aside since the last run that was accepted is told, with the command that delivers it", async () => {
  run = await rawRun();
  await run.put(DAY, [event("a")]);
  const name = "../../../../undeliverable/activePartitionExceeded/2026-11-20/one.jsonl.gz";
  await run.put(DAY, new Uint8Array([1, 2, 3]), { name, arrived: new Date("2026-11-20T10:00:00Z") });
  const told = /1 objects \(3 bytes\) have come under undeliverable\/.*npx penstock undeliverable/;

  const planned = await run.plan();
  await run.land(planned);
  const failed = await run.plan({ execution_id: arn("two") });
  await accept(run, failed.written);
  const next = await run.plan({ scheduled_at: "2026-11-22T02:00:00.000Z" });

  for (const plan of [planned, failed])
    expect((await checkArrivals(plan, run.ports)).alerts).toContainEqual(expect.stringMatching(told));
  expect((await checkArrivals(next, run.ports)).alerts.join()).not.toContain("undeliverable");
});

test("a day that is missing is told, and that nothing came at all", async () => {
  run = await rawRun();
  const nothing = await checkArrivals(await run.plan(), run.ports);
  await run.put("2026-11-19", [event("a", at("2026-11-19"))]);
  const missing = await checkArrivals(await run.plan(), run.ports);

  expect(nothing.alerts).toEqual(["No interactions have arrived at all."]);
  expect(missing.alerts).toEqual([expect.stringMatching(/^2026-11-20 has no objects at all/)]);
});

test("a plan that is made again tells when it looked, and not when its execution began", async () => {
  run = await rawRun();
  await run.put(DAY, [event("a")]);
  const looks = ["2026-11-21T05:00:02.000Z", "2026-11-21T05:07:00.000Z"];

  for (const looked_at of looks) {
    const { written } = await run.plan({}, looked_at);

    expect(written).toMatchObject({ started_at: STARTED, looked_at });
    expect(written.days.at(-1)).toMatchObject({ day: DAY, planned_at: looked_at });
  }
});
