import { checkArrivals } from "@penstock/features";
import { s3Uri } from "@penstock/runtime";
import { afterEach, expect, test } from "vitest";
import { accept, currentOf } from "./accepted-days.ts";
import { DAY, event, type RawRun, rawRun, STARTED } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const at = (day: string) => ({ timestamp: `${day}T10:00:00Z` });
const arn = (name: string) => `arn:aws:states:eu-central-1:000000000000:execution:feature-pipeline:${name}`;
const earlier = "2026-11-19";
/** So many days after the runs began. */
const later = (days: number) => new Date(Date.parse(STARTED) + days * 86_400_000).toISOString();

/** Two days, cleaned by a weekly run and current; of each a row. */
async function twoDays(settings: Parameters<typeof rawRun>[0] = {}): Promise<void> {
  run = await rawRun(settings);
  await run.catalogue("products", "2026-11-01", [{ product_id: "p1" }]);
  await run.catalogue("users", "2026-11-01", [{ user_id: "u1" }]);
  for (const day of [earlier, DAY]) await run.put(day, [event(day, at(day))]);
  const { plan, clean } = await run.run({ mode: "weekly" });
  await accept(run, plan, clean);
}

const remove = (day: string) =>
  run.store.remove(
    s3Uri(
      "interactions",
      `interactions/year=${day.slice(0, 4)}/month=${day.slice(5, 7)}/day=${day.slice(8)}/a.jsonl`,
    ),
  );
const currentRows = async () => {
  const { snapshot } = (await currentOf(run)) ?? expect.unreachable();
  return Object.fromEntries(Object.entries(snapshot.days).map(([day, { rows }]) => [day, rows]));
};
const alerts = async (plan: Parameters<typeof checkArrivals>[0]) =>
  (await checkArrivals(plan, run.ports)).alerts;

test.each([
  ["a range of it", { mode: "range" as const, start_date: DAY, end_date: DAY }],
  ["the next daily run", { mode: "daily" as const }],
])(
  "a day whose raw objects somebody has deleted loses its clean rows by %s, though no day of the run has a line",
  async (_, input) => {
    await twoDays();
    await remove(DAY);

    const planned = await run.plan({ ...input, execution_id: arn("two") });
    const verdict = await run.judge(planned);
    const clean = await run.clean(verdict);
    await accept(run, planned.written, clean);

    expect(verdict).toMatchObject({ state: "passed", lines: 0 });
    expect(verdict.written.notes).toContain(`${DAY}: its 1 clean rows go, since it has no line any more`);
    expect(await alerts(planned)).toContainEqual(
      expect.stringMatching(
        `All raw objects of 1 days \\(${DAY}\\) have been deleted.*: their 1 clean rows go`,
      ),
    );
    expect(await currentRows()).toEqual({ [earlier]: 1, [DAY]: 0 });
  },
);

test("a day whose raw objects have been written anew without a line loses its clean rows too", async () => {
  await twoDays();
  await run.put(DAY, ["", ""]);

  const { verdict, plan, clean } = await run.run({ execution_id: arn("two") });
  await accept(run, plan, clean);

  expect(verdict.written.notes).toContain(`${DAY}: its 1 clean rows go, since it has no line any more`);
  expect(await currentRows()).toEqual({ [earlier]: 1, [DAY]: 0 });
});

test("a run of everything takes the clean rows of deleted days away also where they were the first ones", async () => {
  await twoDays();
  await remove(earlier);

  const { plan, clean } = await run.run({ mode: "weekly", execution_id: arn("two") });
  await accept(run, plan, clean);

  expect(plan.from).toBe(earlier);
  expect(await currentRows()).toEqual({ [earlier]: 0, [DAY]: 1 });
});

test("days that never had a line still end the run, and once their rows are gone they do again", async () => {
  await twoDays();
  await remove(DAY);
  const gone = await run.run({ execution_id: arn("two") });
  await accept(run, gone.plan, gone.clean);

  const again = await run.judge(await run.plan({ execution_id: arn("three") }));

  expect(again).toMatchObject({ state: "empty", clean: null });
});

test("a day whose raw objects retention has taken keeps its clean rows in every mode, with or without what was landed", async () => {
  // Clean rows have time of their own.
  await twoDays({ settings: { featureDays: 5000 } });
  await remove(earlier);
  await remove(DAY);
  // Some of the day came later, and is still there: it is not the whole of the day.
  await run.put(DAY, [event("late", at(DAY))], { name: "b.jsonl" });
  const weekly = { mode: "weekly" as const, started_at: later(731), scheduled_at: STARTED };

  const landed = await run.run({ ...weekly, execution_id: arn("landed") });
  for await (const { uri } of run.store.list("s3://features/landed/")) await run.store.remove(uri);
  const kept = await run.plan({ ...weekly, execution_id: arn("kept") });
  const judged = await run.judge(kept);
  const range = { mode: "range" as const, start_date: earlier, end_date: DAY, started_at: later(731) };
  const ranged = await run.judge(await run.plan({ ...range, execution_id: arn("range") }));

  expect(landed.plan.days.map(({ day, changed, kept: isKept }) => [day, changed, isKept]).slice(-1)).toEqual([
    [DAY, false, false],
  ]);
  expect(landed.verdict).toMatchObject({ lines: 1 });
  expect(kept.written.days.slice(-1)).toMatchObject([
    { day: DAY, changed: false, kept: true, clean_rows: 1 },
  ]);
  expect(judged).toMatchObject({ state: "empty", clean: null });
  expect(ranged.state).toBe("empty");
  expect(ranged.written.notes).toContain(
    `${earlier}, ${DAY}: retention takes the raw objects; the clean rows stay as they are`,
  );
  expect(await alerts(kept)).toContainEqual(
    expect.stringMatching(/Retention takes the raw objects of 1 days/),
  );
});

test("a kept day stays what it was in what becomes current with the others", async () => {
  await twoDays();
  await remove(earlier);
  for await (const { uri } of run.store.list(`s3://features/landed/day=${earlier}/`))
    await run.store.remove(uri);
  const before = (await currentOf(run))?.snapshot.days[earlier];
  // The later day is delivered anew, so that retention begins for it again.
  await run.put(DAY, [event("new", at(DAY))], { name: "b.jsonl", arrived: new Date(later(700)) });
  const input = { mode: "range" as const, start_date: earlier, end_date: DAY, started_at: later(729) };
  const mixed = await run.run({ ...input, execution_id: arn("early") });
  await accept(run, mixed.plan, mixed.clean);

  expect(mixed.plan.days.slice(-2).map(({ kept }) => kept)).toEqual([false, false]);
  expect(await currentRows()).toEqual({ [earlier]: 0, [DAY]: 2 });
  expect(before?.rows).toBe(1);
});
