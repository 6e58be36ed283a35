import { estimateBackfill } from "@penstock/features";
import { expect, it } from "vitest";
import { accept } from "./accepted-days.ts";
import { event, rawRun } from "./raw-run.ts";

const own = {
  sliceDays: 2,
  glueDpus: 10,
  prices: { stateTransition: 0.01, glueDpuHour: 0.5, athenaTerabyte: 5, dynamoWrite: 0.001 },
};
const lines = (day: string) => [event(`i-${day}`, { timestamp: `${day}T10:00:00Z` })];

it("divides a range, leaves out what has no raw objects, and adds the costs of the rest", async () => {
  await using run = await rawRun();
  await run.put("2026-11-01", lines("2026-11-01"));
  await run.put("2026-11-05", lines("2026-11-05"));

  const estimate = await estimateBackfill({ from: "2026-11-01", to: "2026-11-05" }, run.ports, own);

  expect(estimate.slices.map(({ from, to, stale, current }) => ({ from, to, stale, current }))).toEqual([
    { from: "2026-11-01", to: "2026-11-02", stale: ["2026-11-01"], current: false },
    { from: "2026-11-03", to: "2026-11-04", stale: [], current: true },
    { from: "2026-11-05", to: "2026-11-05", stale: ["2026-11-05"], current: false },
  ]);
  const [first, , last] = estimate.slices;
  expect(estimate.dollars).toBeCloseTo((first?.dollars ?? 0) + (last?.dollars ?? 0), 9);
  // One line each, of one user and one product.
  expect(estimate.dynamoWrites).toBe(4);
  // The least that is billed: a minute of ten units, and ten megabytes a query.
  expect(first?.glueDpuHours).toBeCloseTo(10 / 60, 3);
  expect(first?.athenaBytes).toBe(3 * 10 * 1024 ** 2);
});

it("runs a day again that stands behind another one than it was cleaned with, though its own objects are current", async () => {
  await using run = await rawRun();
  for (const day of ["2026-11-18", "2026-11-19"]) await run.put(day, lines(day));
  const daily = await run.plan({ scheduled_at: "2026-11-20T05:00:00Z" });
  await run.put("2026-11-18", lines("2026-11-18"), { name: "late.jsonl" });
  const late = { mode: "range" as const, start_date: "2026-11-18", end_date: "2026-11-18" };
  const ranged = await run.plan({ ...late, execution_id: "another" });
  // Neither run knew of the other.
  await accept(run, daily.written);
  await accept(run, ranged.written);

  const { slices } = await estimateBackfill({ from: "2026-11-18", to: "2026-11-19" }, run.ports, own);

  expect(slices.map(({ stale, current }) => ({ stale, current }))).toEqual([
    { stale: ["2026-11-19"], current: false },
  ]);
});

it("counts gzip by the lines that are in it", async () => {
  const estimated = async (name: string) => {
    await using run = await rawRun();
    const clicks = Array.from({ length: 500 }, (_, index) => event(`i-${index}`));
    await run.put("2026-11-01", clicks, { name });
    return estimateBackfill({ from: "2026-11-01", to: "2026-11-01" }, run.ports, own);
  };

  const plain = await estimated("a.jsonl");
  const zipped = await estimated("a.jsonl.gz");

  const writesOfOneByte = ({ slices, dynamoWrites }: typeof plain) =>
    dynamoWrites / (slices[0]?.rawBytes ?? 0);
  expect(writesOfOneByte(zipped)).toBeGreaterThan(4 * writesOfOneByte(plain));
});

it("counts each reading of the clean rows, as what WITH names is read again at each place", async () => {
  await using run = await rawRun();
  const bytes = 8 * 1024 ** 2;
  await run.put("2026-11-01", new Uint8Array(bytes), { name: "a.jsonl.gz" });

  const { athenaBytes } = await estimateBackfill({ from: "2026-11-01", to: "2026-11-01" }, run.ports, own);

  // Eight bytes of lines to one of gzip, and a fifth of them when they are clean. 11 readings for users, 3 for items, 5 for
  // interactions: counted by hand in sql/.
  expect(athenaBytes).toBe((11 + 3 + 5) * Math.ceil(bytes * 8 * 0.2));
});

it("has nothing to do where it is known that no day has a line, until one has", async () => {
  await using run = await rawRun();
  const range = { from: "2026-11-17", to: "2026-11-18" };
  const open = async () => (await estimateBackfill(range, run.ports, own)).slices.map(({ stale }) => stale);
  const landed = async (execution_id: string) =>
    run.land(await run.plan({ mode: "range", start_date: range.from, end_date: range.to, execution_id }));
  await run.put(range.to, []);

  const unseen = await open();
  await landed("one");
  const seen = await open();
  await run.put(range.from, lines(range.from));
  const more = await open();
  await landed("another");

  expect([unseen, seen, more, await open()]).toEqual([
    [[range.to]],
    [[]],
    [[range.from, range.to]],
    [[range.from, range.to]],
  ]);
});

it("runs days without a line again where others were cleaned with what they had, and where one cannot be read", async () => {
  await using run = await rawRun();
  for (const day of ["2026-11-18", "2026-11-19"]) await run.put(day, lines(day));
  const daily = await run.plan({ scheduled_at: "2026-11-20T05:00:00Z" });
  await accept(run, daily.written);
  const emptied = { mode: "range" as const, start_date: "2026-11-18", end_date: "2026-11-18" };
  await run.put("2026-11-18", []);
  await run.land(await run.plan({ ...emptied, execution_id: "another" }));
  await run.put("2026-11-10", Buffer.from("no gzip"), { name: "a.jsonl.gz" });
  const broken = { mode: "range" as const, start_date: "2026-11-10", end_date: "2026-11-10" };
  await run.land(await run.plan({ ...broken, execution_id: "third" }));

  const estimate = async (day: string) => estimateBackfill({ from: day, to: day }, run.ports, own);

  expect((await estimate("2026-11-18")).slices).toMatchObject([{ stale: ["2026-11-18"] }]);
  expect((await estimate("2026-11-10")).slices).toMatchObject([{ stale: ["2026-11-10"] }]);
});

it("refuses a range that ends before it begins, and one of more days than a run may have", async () => {
  await using run = await rawRun();

  await expect(
    estimateBackfill({ from: "2026-11-02", to: "2026-11-01" }, run.ports, own),
  ).rejects.toMatchObject({ name: "InvalidInput" });
  await expect(
    estimateBackfill({ from: "2006-01-01", to: "2026-11-01" }, run.ports, own),
  ).rejects.toMatchObject({ name: "InvalidInput" });
});
