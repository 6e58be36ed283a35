import { expect, test } from "vitest";
import { calendar } from "../../packages/analytics/src/calendar.ts";
import { daysBetween } from "../../packages/analytics/src/months.ts";
import type { SalesDay } from "../../packages/analytics/src/sales-days.ts";

/** Days with `orders` each, the last purchase of each late in the evening. */
function steady(first: string, last: string, orders = 30): SalesDay[] {
  return daysBetween(first, last).map((day) => ({ day, orders, lastHour: 22 }));
}

function on(day: string, orders = 1, lastHour = 22): SalesDay {
  return { day, orders, lastHour };
}

test("a month that is not over is left out of months, and its days stay", () => {
  const found = calendar(steady("2025-01-01", "2026-03-20"));

  expect(found).toMatchObject({
    firstDay: "2025-01-01",
    lastDay: "2026-03-20",
    lastWholeDay: "2026-03-20",
    monthsLeftOut: [],
    ordersOutside: 0,
  });
  expect(found?.wholeMonths.at(-1)).toBe("2026-02");
});

test("a month whose last day had a sale is whole, and so is a first month that began in its first week", () => {
  expect(calendar(steady("2025-11-05", "2026-02-28"))?.wholeMonths).toEqual([
    "2025-11",
    "2025-12",
    "2026-01",
    "2026-02",
  ]);
  expect(calendar(steady("2025-11-18", "2026-02-28"))?.wholeMonths[0]).toBe("2025-12");
});

test("a last day without a purchase late in it is left out of daily series", () => {
  const found = calendar([...steady("2025-01-01", "2025-06-29"), on("2025-06-30", 20, 11)]);
  expect(found).toMatchObject({ lastDay: "2025-06-30", lastWholeDay: "2025-06-29" });
  expect(calendar([on("2025-06-30", 20, 11)])).toMatchObject({ lastWholeDay: null, wholeMonths: [] });
});

test("the ragged end of an export is left out, days and all", () => {
  const sales = steady("2017-01-05", "2018-08-29");
  const found = calendar([...sales, on("2018-09-03", 16), on("2018-10-17", 4)]);

  expect(found).toMatchObject({
    lastDay: "2018-08-29",
    monthsLeftOut: ["2018-09", "2018-10"],
    ordersOutside: 20,
  });
  // Two days without sales, and something sold after them: the month was seen to its end.
  expect(found?.wholeMonths.at(-1)).toBe("2018-08");
});

test("the ragged start of an export is left out, with the months without sales behind it", () => {
  const found = calendar([
    on("2016-09-04", 2),
    on("2016-10-04", 106),
    ...steady("2017-01-05", "2018-08-31", 40),
  ]);
  expect(found).toMatchObject({ firstDay: "2017-01-05", monthsLeftOut: ["2016-09", "2016-10"] });
  expect(found?.wholeMonths[0]).toBe("2017-01");
});

test("dates gone wrong do not stretch the span, however many and wherever", () => {
  const sales = steady("2025-01-01", "2026-03-20");
  const wrong = ["1970-01-01", "1999-12-31", "2030-01-01", "2030-02-01", "2035-05-05"].map((day) => on(day));

  expect(calendar([...wrong, ...sales])).toMatchObject({
    firstDay: "2025-01-01",
    lastDay: "2026-03-20",
    ordersOutside: 5,
  });
});

test.each([48, 100, 170])("one purchase %i days after all others does not move the last day", (days) => {
  const sales = steady("2025-01-01", "2026-03-20", 2);
  const late = new Date(Date.parse("2026-03-20") + days * 86_400_000).toISOString().slice(0, 10);

  expect(calendar([...sales, on(late)])).toMatchObject({ lastDay: "2026-03-20", ordersOutside: 1 });
});

test("sales that have fallen for long are no ragged end, with a month without any before them or not", () => {
  const fallen = ["05", "06", "07", "08"].map((month) => on(`2026-${month}-15`, 9));
  for (const last of ["2026-04-30", "2026-03-31"])
    expect(calendar([...steady("2025-01-01", last), ...fallen])).toMatchObject({
      lastDay: "2026-08-15",
      monthsLeftOut: [],
    });
});

test("a shop that is open in December only keeps all its years", () => {
  const years = ["2022", "2023", "2024", "2025"].flatMap((year) => steady(`${year}-12-01`, `${year}-12-31`));
  expect(calendar(years)).toMatchObject({ firstDay: "2022-12-01", lastDay: "2025-12-31", ordersOutside: 0 });
});

test("a shop in its first month has no whole one, and one without orders no calendar", () => {
  expect(calendar(steady("2026-03-01", "2026-03-20"))).toMatchObject({ wholeMonths: [] });
  expect(calendar([])).toBeNull();
});
