import { afterEach, expect, test } from "vitest";
import { checkCleaning } from "../../packages/features/src/check-cleaning.ts";
import { DAY, event, type RawRun, rawRun } from "./raw-run.ts";

let run: RawRun;
afterEach(() => run[Symbol.asyncDispose]());

const BEFORE = "2026-11-19";

/** Interactions of a day: some of a person each, some of one machine that does too much. */
const lines = (day: string, people: number, machine: number) =>
  Array.from({ length: people + machine }, (_, n) =>
    event(`${day}-${n}`, {
      user_id: n < people ? `u${n}` : "machine",
      timestamp: `${day}T10:00:${String(n % 60).padStart(2, "0")}Z`,
    }),
  );

/** What is told of days that were cleaned, each with so many interactions of people and of a machine. */
async function told(days: Readonly<Record<string, readonly [people: number, machine: number]>>) {
  run = await rawRun();
  await run.catalogue("products", BEFORE, [{ product_id: "p1" }]);
  const users = Array.from({ length: 100 }, (_, n) => ({ user_id: `u${n}` }));
  await run.catalogue("users", BEFORE, [...users, { user_id: "machine" }]);
  for (const [day, [people, machine]] of Object.entries(days))
    await run.put(day, lines(day, people, machine));
  const { plan, clean } = await run.run({ mode: "weekly" });
  const unseen = await checkCleaning(plan, clean, run.ports);
  const known = { ...plan, days: plan.days.map((day) => ({ ...day, changed: false })) };
  return { unseen, known: await checkCleaning(known, clean, run.ports) };
}

test("a day of which cleaning takes out much is told once; less than the limit is nobody's concern", async () => {
  const { unseen, known } = await told({ [BEFORE]: [80, 25], [DAY]: [30, 25] });

  expect(unseen).toEqual([
    expect.stringMatching(/^Cleaning took out 31 % of all 160 rows, the limit is 30 %: bot.minute 50.$/),
    "2026-11-20: cleaning took out 45 % of 55 rows, the limit is 30 %.",
  ]);
  expect(known).toEqual([unseen[0]]);
});

test("a day that had rows and has none left is told, however few they were", async () => {
  const { unseen } = await told({ [BEFORE]: [100, 0], [DAY]: [0, 21] });

  expect(unseen).toEqual(["2026-11-20 has no clean rows: cleaning took out all 21."]);
});

test("of one day alone one sentence is enough", async () => {
  const { unseen, known } = await told({ [DAY]: [30, 25] });

  expect(unseen).toEqual(["2026-11-20: cleaning took out 45 % of 55 rows, the limit is 30 %."]);
  expect(known).toEqual([expect.stringContaining("45 % of all 55 rows")]);
});

test("days from which little is taken out say nothing", async () => {
  const { unseen } = await told({ [BEFORE]: [60, 0], [DAY]: [80, 21] });

  expect(unseen).toEqual([]);
});
