import { expect, test } from "vitest";
import { calendar } from "../../packages/analytics/src/calendar.ts";

const steady = (sparse: Readonly<Record<string, number>>) => (month: string) => sparse[month] ?? 1000;

test("a month that is not over is left out of months, and its days stay", () => {
  expect(calendar("2025-01", "2026-03-20", steady({ "2026-03": 700 }))).toEqual({
    firstMonth: "2025-01",
    lastDay: "2026-03-20",
    lastWholeMonth: "2026-02",
    sparseMonths: [],
  });
});

test("a month whose last day had a sale is whole", () => {
  const { lastWholeMonth } = calendar("2025-01", "2026-02-28", steady({}));
  expect(lastWholeMonth).toBe("2026-02");
});

test("the ragged end of an export is left out, days and all", () => {
  expect(calendar("2016-09", "2018-10-17", steady({ "2018-09": 16, "2018-10": 4 }))).toMatchObject({
    lastDay: "2018-08-31",
    lastWholeMonth: "2018-08",
    sparseMonths: ["2018-09", "2018-10"],
  });
});

test("sales that have fallen for long are no ragged end", () => {
  const fallen = Object.fromEntries(["05", "06", "07", "08", "09"].map((month) => [`2026-${month}`, 9]));
  expect(calendar("2025-01", "2026-09-30", steady(fallen))).toMatchObject({
    sparseMonths: [],
    lastWholeMonth: "2026-09",
  });
});

test("a shop in its first month has no whole one", () => {
  expect(calendar("2026-03", "2026-03-20", steady({}))).toMatchObject({ lastWholeMonth: null });
});
