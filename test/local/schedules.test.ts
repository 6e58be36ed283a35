import { describe, expect, test } from "vitest";
import { InvalidSchedule, timerFor } from "../../packages/local/src/cloud/events/schedules.ts";

/** The next runs of an expression after an instant. */
function runs(expression: string, after: string, count: number, timezone = "UTC"): string[] {
  const timer = timerFor(expression, timezone, () => {});
  const next = timer.nextRuns(count, new Date(after)).map((run) => run.toISOString());
  timer.stop();
  return next;
}

describe("a schedule expression", () => {
  test.each<[string, string, string[]]>([
    ["cron(0 3 * * ? *)", "2026-01-31T04:00:00Z", ["2026-02-01T03:00:00.000Z", "2026-02-02T03:00:00.000Z"]],
    // 1 January 2026 is a Thursday; weekdays count from Sunday = 1.
    ["cron(30 6 ? * 2 *)", "2026-01-01T00:00:00Z", ["2026-01-05T06:30:00.000Z", "2026-01-12T06:30:00.000Z"]],
    [
      "cron(0 12 ? * MON-FRI *)",
      "2026-01-02T13:00:00Z",
      ["2026-01-05T12:00:00.000Z", "2026-01-06T12:00:00.000Z"],
    ],
    [
      "cron(0/15 * * * ? *)",
      "2026-01-01T00:01:00Z",
      ["2026-01-01T00:15:00.000Z", "2026-01-01T00:30:00.000Z"],
    ],
    ["cron(0 0 L * ? *)", "2026-02-01T00:00:00Z", ["2026-02-28T00:00:00.000Z", "2026-03-31T00:00:00.000Z"]],
    [
      "cron(0 0 1 1 ? 2027-2028)",
      "2026-01-01T00:00:00Z",
      ["2027-01-01T00:00:00.000Z", "2028-01-01T00:00:00.000Z"],
    ],
    ["at(2999-12-31T23:59:00)", "2026-01-01T00:00:00Z", ["2999-12-31T23:59:00.000Z"]],
  ])("%s runs when AWS runs it", (expression, after, expected) => {
    expect(runs(expression, after, expected.length)).toEqual(expected);
  });

  test("is in its own time zone, over the change of the clocks", () => {
    expect(runs("cron(0 3 * * ? *)", "2026-03-28T12:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T01:00:00.000Z",
    ]);
  });

  test("rate(…) first runs when its time has passed once", () => {
    const before = Date.now();
    const timer = timerFor("rate(2 hours)", "UTC", () => {});

    const next = timer.nextRun()?.getTime() ?? 0;
    timer.stop();

    expect(Math.round((next - before) / 60_000)).toBe(120);
  });

  test.each([
    "every day",
    "cron(0 3 * * *)",
    "cron(61 3 * * ? *)",
    "rate(0 days)",
    "rate(1 week)",
    "at(noon)",
  ])("%s is refused", (expression) => {
    expect(() => timerFor(expression, "UTC", () => {})).toThrow(InvalidSchedule);
  });
});
